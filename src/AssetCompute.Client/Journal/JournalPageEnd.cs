namespace AssetCompute.Client.Journal;

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
