using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Webhooks;

/// <summary>What webhooks write to the log (event ids 1400 to 1499). Never a body, a signature, a challenge or a query string.</summary>
internal static partial class WebhookLog
{
    public const string Category = "AssetCompute.Client.Webhooks";

    [LoggerMessage(EventId = 1400, Level = LogLevel.Debug, Message = "A delivery to the webhook of '{Account}' was answered with {StatusCode}: {Outcome}, {Events} events in {Elapsed} ms.")]
    public static partial void Answered(ILogger logger, string account, int statusCode, string outcome, int events, double elapsed);

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "A delivery to the webhook of '{Account}' was refused with {StatusCode} ({Outcome}): {Reason}")]
    public static partial void Refused(ILogger logger, string account, int statusCode, string outcome, string reason);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Error, Message = "The {Events} events of a delivery to the webhook of '{Account}' could not be stored; Adobe sends them again.")]
    public static partial void NotStored(ILogger logger, Exception exception, string account, int events);

    [LoggerMessage(EventId = 1403, Level = LogLevel.Information, Message = "The public key {Path} was fetched.")]
    public static partial void KeyFetched(ILogger logger, string path);

    [LoggerMessage(EventId = 1404, Level = LogLevel.Warning, Message = "The public key {Path} could not be had: {Reason}.")]
    public static partial void KeyNotFetched(ILogger logger, string path, string? reason);

    [LoggerMessage(EventId = 1405, Level = LogLevel.Information, Message = "The registration of the webhook of '{Account}' was validated at {Url}.")]
    public static partial void Validated(ILogger logger, string account, string url);

    [LoggerMessage(EventId = 1406, Level = LogLevel.Warning, Message = "The registration of the webhook of '{Account}' was not validated at {Url} (attempt {Attempt}): {Reason}.")]
    public static partial void NotValidated(ILogger logger, string account, string url, int attempt, string reason);

    [LoggerMessage(EventId = 1407, Level = LogLevel.Warning, Message = "The webhook of '{Account}' is disposed while {Calls} of its calls still run: a handler takes no notice of its token.")]
    public static partial void LeftRunning(ILogger logger, string account, int calls);
}
