namespace AssetCompute.Emulator;

/// <summary>What a call to the emulator was for.</summary>
public enum EmulatorOperation
{
    /// <summary>Anything that is not part of the service: the web page, unknown paths.</summary>
    Other,

    /// <summary>A token from IMS: client credentials or a JWT exchange.</summary>
    Token,

    /// <summary>IMS asked whether a token is valid, told to invalidate one, or asked for its organizations; AEM asked for a CSRF token.</summary>
    TokenStatus,

    /// <summary><c>POST /register</c>.</summary>
    Register,

    /// <summary><c>POST /unregister</c>.</summary>
    Unregister,

    /// <summary><c>POST /process</c>.</summary>
    Process,

    /// <summary>A page of the event journal, or the validation of a position.</summary>
    Journal,

    /// <summary>A blob read through its signed URL. The emulator fetches a source as Adobe's worker does: <c>HEAD</c>, then <c>GET</c>.</summary>
    BlobRead,

    /// <summary>A blob written through its signed URL.</summary>
    BlobWrite,

    /// <summary>An event that a custom worker sends.</summary>
    WorkerEvent,

    /// <summary>An original or a rendition read from AEM.</summary>
    AemRead,

    /// <summary>The metadata of an asset in AEM, or another node as JSON.</summary>
    AemMetadata,

    /// <summary>A folder or an asset by AEM's Assets HTTP API, or assets by a query.</summary>
    AemList,

    /// <summary>A public key that verifies webhook deliveries.</summary>
    WebhookKey,

    /// <summary>The URL that confirms a registration whose webhook did not meet its challenge.</summary>
    WebhookValidation,

    /// <summary>An upload to AEM initiated or completed, or a folder made.</summary>
    AemWrite,

    /// <summary>Event providers and registrations managed, or an event published, by the API of Adobe I/O Events.</summary>
    Events,
}
