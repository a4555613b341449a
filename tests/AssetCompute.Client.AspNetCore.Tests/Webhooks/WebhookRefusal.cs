namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>How a delivery is refused, as the status says.</summary>
public enum WebhookRefusal
{
    Malformed = 400,
    InvalidSignature = 401,
    WrongRecipient = 403,
    TooLarge = 413,
    KeyUnavailable = 503,
}
