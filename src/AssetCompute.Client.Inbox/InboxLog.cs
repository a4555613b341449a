using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>Log messages of an inbox (event ids 1300 to 1399). Never the content of an event.</summary>
internal static partial class InboxLog
{
    public const string Category = "AssetCompute.Client.Inbox";

    [LoggerMessage(EventId = 1300, Level = LogLevel.Warning, Message = "The inbox failed {Failures} times in a row: {Failure} The next attempt starts in {Delay}.")]
    public static partial void InboxFailed(ILogger logger, int failures, string failure, TimeSpan delay);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Warning, Message = "Attempt {Attempt} to handle the event '{Id}' failed; the next attempt starts in {Delay}.")]
    public static partial void Retry(ILogger logger, Exception exception, int attempt, string id, TimeSpan delay);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Error, Message = "The event '{Id}' becomes a dead letter (attempts: {Attempts}): {Reason}")]
    public static partial void DeadLetter(ILogger logger, string id, int attempts, string reason);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "The event '{Id}' was handed to another worker while attempt {Attempt} ran, and this worker no longer holds it. If this happens often, set a longer visibility timeout.")]
    public static partial void Lost(ILogger logger, string id, int attempt);

    [LoggerMessage(EventId = 1304, Level = LogLevel.Warning, Message = "The inbox did not confirm the outcome of the event '{Id}': the event is settled, or it is delivered again after its visibility timeout. {Cause}")]
    public static partial void Unconfirmed(ILogger logger, string id, string cause);

    [LoggerMessage(EventId = 1305, Level = LogLevel.Debug, Message = "{Count} completed events are forgotten.")]
    public static partial void Removed(ILogger logger, int count);

    [LoggerMessage(EventId = 1306, Level = LogLevel.Error, Message = "A callback on the token of a handler threw an exception when the token was canceled.")]
    public static partial void CancellationThrew(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1307, Level = LogLevel.Information, Message = "The last attempt to handle the event '{Id}' ended without an outcome, so attempt {Attempt} runs alone.")]
    public static partial void RunsAlone(ILogger logger, string id, int attempt);

    [LoggerMessage(EventId = 1308, Level = LogLevel.Information, Message = "The handler asked to try the event '{Id}' again in {Delay} (attempt {Attempt}): {Reason}")]
    public static partial void Postponed(ILogger logger, string id, TimeSpan delay, int attempt, string reason);
}
