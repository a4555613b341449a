namespace AssetCompute.Client.Journal;

/// <summary>The state of a relay at one moment.</summary>
internal sealed record JournalRelaySnapshot
{
    /// <summary>Whether this instance is the one that reads.</summary>
    public bool IsReader { get; init; }

    /// <summary>When the journal was last read well and stored, or another instance was seen to hold the lease.</summary>
    public DateTimeOffset? LastGood { get; init; }

    /// <summary>The position that this instance has stored last.</summary>
    public JournalPosition? Stored { get; init; }

    /// <summary>What went wrong last; null once it went well again.</summary>
    public Exception? LastFailure { get; init; }

    /// <summary>Whether reading has ended for good.</summary>
    public bool HasEnded { get; init; }
}
