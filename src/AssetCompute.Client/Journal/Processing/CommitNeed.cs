namespace AssetCompute.Client.Journal;

internal enum CommitNeed
{
    /// <summary>There is nothing to commit.</summary>
    None,

    /// <summary>Within the commit interval.</summary>
    Soon,

    /// <summary>As many entries are uncommitted as may be.</summary>
    Now,
}
