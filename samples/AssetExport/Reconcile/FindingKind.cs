namespace AssetExport;

/// <summary>What the comparison finds.</summary>
public enum FindingKind
{
    /// <summary>AEM has it published, the destination has it not.</summary>
    Missing,

    /// <summary>The destination has another content.</summary>
    Different,

    /// <summary>AEM has another content than was published last, as far as events have told. It is left as it is: the new content is exported when it is published.</summary>
    Changed,

    /// <summary>The export has failed.</summary>
    Failed,

    /// <summary>It was exported, and AEM has it no longer published for this destination. It is left where it is.</summary>
    Extra,
}
