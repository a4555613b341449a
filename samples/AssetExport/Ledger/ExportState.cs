namespace AssetExport;

/// <summary>How an export stands.</summary>
public enum ExportState
{
    /// <summary>Waits for the scheduled batch.</summary>
    Scheduled,

    /// <summary>Is exported as soon as it is due: at once, or after the wait that a failure or a busy destination asks for.</summary>
    Waiting,

    /// <summary>An instance has claimed it.</summary>
    Exporting,

    /// <summary>It is at its destination.</summary>
    Exported,

    /// <summary>It was given up; the reason says why.</summary>
    Failed,

    /// <summary>There is nothing to export; the reason says why.</summary>
    Skipped,
}
