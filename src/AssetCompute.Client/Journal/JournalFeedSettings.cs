using System.Diagnostics;

namespace AssetCompute.Client.Journal;

/// <summary>The settings of one reading, with all defaults filled in.</summary>
internal sealed record JournalFeedSettings
{
    public required Uri Journal { get; init; }

    public required JournalPosition Start { get; init; }

    public required JournalOptions Options { get; init; }

    public int? PageSize { get; init; }

    public ExpiredPositionPolicy OnExpired { get; init; }

    public bool StopWhenCaughtUp { get; init; }

    /// <summary>
    /// Finds the account's journal again if the current one is not found; it may be the same. Null for a journal that is not the account's own.
    /// </summary>
    public Func<Uri, CancellationToken, ValueTask<Uri>>? FindAnew { get; init; }

    /// <summary>The span that started a reading that outlives it, for links. Default: none.</summary>
    public ActivityContext Cause { get; init; }
}
