namespace AssetExport;

/// <summary>How the application learns of published assets.</summary>
public enum ExportMode
{
    /// <summary>By webhook and by journal, into one inbox: the journal has what the webhook missed.</summary>
    Both,

    /// <summary>By webhook.</summary>
    Realtime,

    /// <summary>By journal.</summary>
    Batch,
}
