namespace AssetCompute.Client.Tests.Webhooks;

/// <summary>The reason for refusing a delivery, as an HTTP status code.</summary>
public enum WebhookRefusal
{
    Malformed = 400,
    InvalidSignature = 401,
    WrongRecipient = 403,
    TooLarge = 413,
    KeyUnavailable = 503,
}
