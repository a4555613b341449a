namespace AssetCompute.Client.Journal;

/// <summary>The result of one read of a journal, besides its entries.</summary>
/// <param name="End">How the read ended.</param>
/// <param name="RetryAfter">How long the service asks to wait before the next read.</param>
internal readonly record struct JournalPageOutcome(JournalPageEnd End, TimeSpan? RetryAfter = null);

/// <summary>How a read of a journal ended.</summary>
internal enum JournalPageEnd
{
    /// <summary>There is nothing new.</summary>
    NothingNew,

    /// <summary>The journal probably has more events now.</summary>
    More,

    /// <summary>The page did not move the position.</summary>
    StandsStill,

    /// <summary>The position has expired.</summary>
    Expired,
}
