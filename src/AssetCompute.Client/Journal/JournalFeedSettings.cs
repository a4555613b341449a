namespace AssetCompute.Client.Journal;

/// <summary>What one reading is to do, all defaults filled in.</summary>
internal sealed record JournalFeedSettings
{
    public required Uri Journal { get; init; }

    public required JournalPosition Start { get; init; }

    public required JournalOptions Options { get; init; }

    public int? PageSize { get; init; }

    public ExpiredPositionPolicy OnExpired { get; init; }

    public bool StopWhenCaughtUp { get; init; }
}
