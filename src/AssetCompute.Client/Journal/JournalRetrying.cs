namespace AssetCompute.Client;

/// <summary>A read failed and is retried at the same position. No event is lost.</summary>
public sealed record JournalRetrying : JournalNotice
{
    /// <summary>How many reads in a row have failed.</summary>
    public required int Failures { get; init; }

    /// <summary>The wait before the next attempt.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>The failure.</summary>
    public required Exception Exception { get; init; }
}
