namespace AssetCompute.Emulator;

/// <summary>What a fault does to the connection.</summary>
public enum EmulatorFaultConnection
{
    /// <summary>Nothing. The response arrives complete.</summary>
    Keep,

    /// <summary>Resets the connection before the first byte of the response, and before the call has any effect.</summary>
    ResetBeforeHeaders,

    /// <summary>The call takes effect and the response headers arrive; then the connection closes. Of a response without a body, nothing arrives.</summary>
    CloseAfterHeaders,

    /// <summary>The call takes effect, and the connection closes in the middle of the response body. Of a response without a body, nothing arrives.</summary>
    TruncateBody,
}
