namespace AssetCompute.Emulator;

/// <summary>What a fault does to the connection.</summary>
public enum EmulatorFaultConnection
{
    /// <summary>Nothing: the answer arrives whole.</summary>
    Keep,

    /// <summary>The connection is reset before a byte of the answer, and before the call has any effect.</summary>
    ResetBeforeHeaders,

    /// <summary>The call takes effect and the answer's headers arrive; then the connection ends.</summary>
    CloseAfterHeaders,

    /// <summary>The call takes effect; the connection ends in the middle of the answer's body.</summary>
    TruncateBody,
}
