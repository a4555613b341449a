namespace AssetCompute.Client;

/// <summary>A read has failed and will be tried again. No event is lost by it.</summary>
/// <param name="Position">Where reading stands, and goes on.</param>
/// <param name="Failures">How many reads in a row have failed.</param>
/// <param name="Delay">The wait before the next attempt.</param>
/// <param name="Exception">What went wrong.</param>
public sealed record JournalRetrying(JournalPosition Position, int Failures, TimeSpan Delay, Exception Exception) : JournalNotice(Position);
