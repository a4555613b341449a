using System.Diagnostics;

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

    /// <summary>
    /// Finds the account's journal anew where the one that is read is not found any more; it may be the same. Null for a journal that is not the account's own.
    /// </summary>
    public Func<Uri, CancellationToken, ValueTask<Uri>>? FindAnew { get; init; }

    /// <summary>The span that started a reading which outlives it, for links. Default: none.</summary>
    public ActivityContext Cause { get; init; }
}
