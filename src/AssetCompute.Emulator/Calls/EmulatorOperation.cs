namespace AssetCompute.Emulator;

/// <summary>The operation of a call to the emulator.</summary>
public enum EmulatorOperation
{
    /// <summary>Any call that is not part of the service: the web page, unknown paths.</summary>
    Other,

    /// <summary>Requests a token from IMS, with client credentials or a JWT.</summary>
    Token,

    /// <summary>Validates or invalidates a token in IMS, reads its organizations, or gets a CSRF token from AEM.</summary>
    TokenStatus,

    /// <summary><c>POST /register</c>.</summary>
    Register,

    /// <summary><c>POST /unregister</c>.</summary>
    Unregister,

    /// <summary><c>POST /process</c>.</summary>
    Process,

    /// <summary>Reads a page of the event journal, or validates a position.</summary>
    Journal,

    /// <summary>Reads a blob through its signed URL. The emulator fetches a source as Adobe's worker does: <c>HEAD</c>, then <c>GET</c>.</summary>
    BlobRead,

    /// <summary>Writes a blob through its signed URL.</summary>
    BlobWrite,

    /// <summary>Sends an event from a custom worker.</summary>
    WorkerEvent,

    /// <summary>Reads an original or a rendition from AEM.</summary>
    AemRead,

    /// <summary>Reads the metadata of an asset in AEM, or another node as JSON.</summary>
    AemMetadata,

    /// <summary>Lists a folder or an asset with AEM's Assets HTTP API, or runs a query for assets.</summary>
    AemList,

    /// <summary>Reads a public key that verifies webhook deliveries.</summary>
    WebhookKey,

    /// <summary>Opens the validation URL of a registration whose webhook failed the challenge.</summary>
    WebhookValidation,

    /// <summary>Initiates or completes an upload to AEM, or creates a folder.</summary>
    AemWrite,

    /// <summary>Manages event providers and registrations, or publishes an event, with the API of Adobe I/O Events.</summary>
    Events,
}
