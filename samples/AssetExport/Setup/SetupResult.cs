namespace AssetExport;

/// <summary>The result of a check.</summary>
internal enum SetupResult
{
    Ok,
    Failed,
    NotChecked,
}
