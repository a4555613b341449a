namespace AssetCompute.Emulator;

/// <summary>What became of an attempt to deliver.</summary>
public enum WebhookOutcome
{
    /// <summary>The webhook answered 2xx.</summary>
    Delivered,

    /// <summary>The webhook answered 429 or 5xx (but 505), too late or not at all, and gets the delivery again.</summary>
    Retrying,

    /// <summary>The webhook answered another status, or the last of 24 hours of attempts failed. It never gets the delivery again; the journal has its events.</summary>
    Dropped,
}
