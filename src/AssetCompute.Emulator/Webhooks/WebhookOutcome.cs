namespace AssetCompute.Emulator;

/// <summary>The outcome of a delivery attempt.</summary>
public enum WebhookOutcome
{
    /// <summary>The webhook returned 2xx.</summary>
    Delivered,

    /// <summary>The webhook returned 429 or 5xx (except 505), or did not respond in time. The delivery is retried.</summary>
    Retrying,

    /// <summary>The webhook returned another status, or the last attempt after 24 hours failed. The delivery is not retried. The journal has its events.</summary>
    Dropped,
}
