using Microsoft.AspNetCore.Http;

namespace AssetCompute.Client.Webhooks;

/// <summary>The outcome of a request to the webhook: its name in the metrics, and its answer.</summary>
/// <param name="Name">The name in the metrics.</param>
/// <param name="StatusCode">The status of the answer. 503 makes Adobe send the delivery again; any 4xx drops its events.</param>
/// <param name="Body">The body of the answer, as text.</param>
/// <param name="Events">How many events were stored.</param>
internal sealed record WebhookOutcome(string Name, int StatusCode, string Body, int Events = 0)
{
    public static WebhookOutcome Validating { get; } = new("validation", StatusCodes.Status200OK, "The validation URL is being opened.");

    public static WebhookOutcome BadValidation { get; } = new("bad_validation", StatusCodes.Status400BadRequest, "The validationUrl does not lead to Adobe.");

    public static WebhookOutcome BadChallenge { get; } = new("bad_challenge", StatusCodes.Status400BadRequest, "This is a webhook of Adobe I/O Events: it answers a challenge, and accepts events by POST.");

    public static WebhookOutcome InvalidSignature { get; } = new("invalid_signature", StatusCodes.Status401Unauthorized, "No signature matches the bytes of the delivery.");

    public static WebhookOutcome WrongRecipient { get; } = new("wrong_recipient", StatusCodes.Status403Forbidden, "The delivery has an event for another client id.");

    public static WebhookOutcome TimedOut { get; } = Later("timeout", "The events could not be stored in time.");

    public static WebhookOutcome Aborted { get; } = Later("aborted", "The request was not read completely.");

    public static WebhookOutcome Stopping { get; } = Later("stopping", "The webhook is stopping.");

    public static WebhookOutcome Busy { get; } = Later("busy", "Too many validation URLs are being opened.");

    public static WebhookOutcome Overloaded { get; } = Later("overloaded", "Too many deliveries at once.");

    public static WebhookOutcome NotStored { get; } = Later("not_stored", "The events could not be stored.");

    /// <summary>Adobe never sends an empty body, so the body was read before the request got here. A 401 would lose the events permanently.</summary>
    public static WebhookOutcome EmptyBody { get; } = Later(
        "empty_body", "The body was empty. If a middleware reads it first, call EnableBuffering in that middleware, or put the webhook before it.");

    public static WebhookOutcome PartOfBody { get; } = Later(
        "empty_body", "The body was shorter than its Content-Length. If a middleware reads from it first, call EnableBuffering in that middleware, or put the webhook before it.");

    /// <summary>Why the request was refused, for the log; null if it was accepted, and for a GET without a valid challenge.</summary>
    public string? Reason => StatusCode == StatusCodes.Status200OK || this == BadChallenge ? null : Body;

    public static WebhookOutcome Challenge(string challenge) => new("challenge", StatusCodes.Status200OK, challenge);

    public static WebhookOutcome Stored(int events) => new("stored", StatusCodes.Status200OK, "The events are stored.", events);

    public static WebhookOutcome Malformed(string what) => new("malformed", StatusCodes.Status400BadRequest, $"The delivery is signed, but {what}.");

    public static WebhookOutcome TooLarge(string what) => new("too_large", StatusCodes.Status413PayloadTooLarge, what);

    public static WebhookOutcome KeyUnavailable(string reason) => Later("key_unavailable", $"No signature could be verified: {reason}.");

    private static WebhookOutcome Later(string name, string reason) => new(name, StatusCodes.Status503ServiceUnavailable, reason);
}
