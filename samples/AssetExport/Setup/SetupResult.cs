namespace AssetExport;

/// <summary>The result of a check.</summary>
internal enum SetupResult
{
    /// <summary>It works.</summary>
    Ok,

    /// <summary>It doesn't work.</summary>
    Failed,

    /// <summary>It can't be checked.</summary>
    NotChecked,
}
