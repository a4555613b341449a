namespace AssetExport;

/// <summary>The state of an export.</summary>
public enum ExportState
{
    /// <summary>Waiting for the scheduled batch.</summary>
    Scheduled,

    /// <summary>Waiting until it is due: immediately, or after the delay from a failure or a busy destination.</summary>
    Waiting,

    /// <summary>Claimed by an instance.</summary>
    Exporting,

    /// <summary>Exported to the destination.</summary>
    Exported,

    /// <summary>Failed permanently. The reason is in the entry.</summary>
    Failed,

    /// <summary>Nothing to export. The reason is in the entry.</summary>
    Skipped,
}
