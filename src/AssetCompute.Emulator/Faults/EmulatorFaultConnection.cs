namespace AssetCompute.Emulator;

/// <summary>What a fault does to the connection.</summary>
public enum EmulatorFaultConnection
{
    /// <summary>Nothing. The response arrives complete.</summary>
    Keep,

    /// <summary>Resets the connection before the first byte of the response, and before the call has any effect.</summary>
    ResetBeforeHeaders,

    /// <summary>
    /// The call takes effect and the response headers arrive; then the connection closes. For a response without a body (201 for an upload, 204 from the
    /// journal, any response to <c>HEAD</c>), the connection is reset before the first byte.
    /// </summary>
    CloseAfterHeaders,

    /// <summary>
    /// The call takes effect, and the connection closes in the middle of the response body. For a response without a body, nothing arrives, as with
    /// <see cref="CloseAfterHeaders"/>.
    /// </summary>
    TruncateBody,
}
