namespace AssetExport;

/// <summary>The cause of a delayed export.</summary>
internal enum PutOffKind
{
    /// <summary>The attempt failed. It is counted.</summary>
    Failed,

    /// <summary>A system was busy or unreachable. The attempt is not counted, but the total time is limited.</summary>
    Busy,

    /// <summary>The application is stopping. Nothing is counted.</summary>
    Stopped,
}
