namespace AssetCompute.Emulator;

/// <summary>What a fault does to the connection.</summary>
public enum EmulatorFaultConnection
{
    /// <summary>Nothing: the answer arrives whole.</summary>
    Keep,

    /// <summary>The connection is reset before a byte of the answer, and before the call has any effect.</summary>
    ResetBeforeHeaders,

    /// <summary>
    /// The call takes effect and the answer's headers arrive; then the connection ends. An answer without a body (201 to an upload, 204
    /// of the journal, whatever <c>HEAD</c> gets) has nothing after its headers: there the connection is reset before a byte of it.
    /// </summary>
    CloseAfterHeaders,

    /// <summary>
    /// The call takes effect; the connection ends in the middle of the answer's body. Of an answer without a body nothing arrives, as
    /// with <see cref="CloseAfterHeaders"/>.
    /// </summary>
    TruncateBody,
}
