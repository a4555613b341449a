namespace AssetExport;

/// <summary>Why an export is put off.</summary>
public enum PutOffKind
{
    /// <summary>The attempt failed, and is counted.</summary>
    Failed,

    /// <summary>Somebody was busy or out of reach: no attempt is counted, but how long it goes on is.</summary>
    Busy,

    /// <summary>The application stops: nothing is counted.</summary>
    Stopped,
}
