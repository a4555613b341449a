namespace AssetCompute.Client.Webhooks;

/// <summary>Why a delivery is not accepted.</summary>
public enum WebhookRefusal
{
    /// <summary>No signature fits the bytes: the delivery is not Adobe's, or was changed on its way. Answered with 401.</summary>
    InvalidSignature,

    /// <summary>An event is for another client. Answered with 403.</summary>
    WrongRecipient,

    /// <summary>The bytes are signed, but no delivery of events. Answered with 400.</summary>
    Malformed,

    /// <summary>The body is larger, or holds more events, than the options allow. Answered with 413.</summary>
    TooLarge,

    /// <summary>No signature fits, and a key could not be had to know for sure. Answered with 503, so that Adobe sends the delivery again.</summary>
    KeyUnavailable,
}
