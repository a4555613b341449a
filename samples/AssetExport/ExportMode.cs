namespace AssetExport;

/// <summary>How the application receives events about published assets.</summary>
public enum ExportMode
{
    /// <summary>By webhook and by journal, into one inbox. The journal contains the events that the webhook missed.</summary>
    Both,

    /// <summary>By webhook.</summary>
    Realtime,

    /// <summary>By journal.</summary>
    Batch,
}
