namespace AssetCompute.Client.Webhooks;

/// <summary>What became of a request, as the metrics name it, and how it is answered.</summary>
/// <param name="Name">The name.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Reason">Why it was refused; null where it was not.</param>
/// <param name="Events">How many events were stored.</param>
internal sealed record WebhookOutcome(string Name, WebhookAnswer Answer, string? Reason = null, int Events = 0)
{
    /// <summary>The first of the waits after which Adobe sends a delivery again.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    public static WebhookOutcome Validating { get; } = new("validation", new WebhookAnswer(200, "The validation URL is being opened."));

    public static WebhookOutcome BadValidation { get; } = new("bad_validation", new WebhookAnswer(400, "The validationUrl does not lead to Adobe."), "the validationUrl does not lead to the pinned host");

    public static WebhookOutcome BadChallenge { get; } = new("bad_challenge", new WebhookAnswer(400, "This is the webhook of Adobe I/O Events: it answers a challenge, and takes events by POST."));

    public static WebhookOutcome TimedOut { get; } = Later("timeout", "The events could not be stored in time.");

    public static WebhookOutcome Aborted { get; } = Later("aborted", "The request was not read to its end.");

    public static WebhookOutcome Stopping { get; } = Later("stopping", "The webhook is stopping.");

    public static WebhookOutcome Busy { get; } = Later("busy", "Too many validation URLs are being opened.");

    public static WebhookOutcome Overloaded { get; } = Later("overloaded", "Too many deliveries at once.");

    public static WebhookOutcome NotStored { get; } = Later("not_stored", "The events could not be stored.");

    public static WebhookOutcome Challenge(string challenge) => new("challenge", new WebhookAnswer(200, challenge));

    public static WebhookOutcome Stored(int events) => new("stored", new WebhookAnswer(200, "The events are stored."), Events: events);

    public static WebhookOutcome Refused(WebhookException exception) => exception.Refusal switch
    {
        WebhookRefusal.WrongRecipient => new WebhookOutcome("wrong_recipient", new WebhookAnswer(403, exception.Message), exception.Message),
        WebhookRefusal.Malformed => new WebhookOutcome("malformed", new WebhookAnswer(400, exception.Message), exception.Message),
        WebhookRefusal.TooLarge => new WebhookOutcome("too_large", new WebhookAnswer(413, exception.Message), exception.Message),
        WebhookRefusal.KeyUnavailable => Later("key_unavailable", exception.Message),
        _ => new WebhookOutcome("invalid_signature", new WebhookAnswer(401, exception.Message), exception.Message),
    };

    /// <summary>Anything that may be tried again: a 4xx would drop the events for good.</summary>
    private static WebhookOutcome Later(string name, string reason) => new(name, new WebhookAnswer(503, reason, RetryAfter), reason);
}
