namespace AssetCompute.Client.Journal;

/// <summary>The state of a relay at one moment.</summary>
internal sealed record JournalRelaySnapshot
{
    /// <summary>Whether this instance is the reader.</summary>
    public bool IsReader { get; init; }

    /// <summary>When the journal was last read and stored successfully, or another instance was last seen to hold the lease.</summary>
    public DateTimeOffset? LastGood { get; init; }

    /// <summary>The last position that this instance stored.</summary>
    public JournalPosition? Stored { get; init; }

    /// <summary>The last failure; null after a success.</summary>
    public Exception? LastFailure { get; init; }

    /// <summary>Whether reading has ended permanently.</summary>
    public bool HasEnded { get; init; }
}
