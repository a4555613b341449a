namespace AssetCompute.Client;

/// <summary>Every event that the journal had was delivered.</summary>
/// <param name="Position">Where reading stands.</param>
public sealed record JournalCaughtUp(JournalPosition Position) : JournalNotice(Position);
