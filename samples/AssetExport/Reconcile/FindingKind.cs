namespace AssetExport;

/// <summary>The kind of finding.</summary>
internal enum FindingKind
{
    /// <summary>The asset is published in AEM, but missing at the destination.</summary>
    Missing,

    /// <summary>The destination has different content.</summary>
    Different,

    /// <summary>AEM has newer content than was published by the events. It is exported when it is published.</summary>
    Changed,

    /// <summary>The export failed.</summary>
    Failed,

    /// <summary>The asset was exported, but is no longer published in AEM for this destination. The file is not removed.</summary>
    Extra,
}
