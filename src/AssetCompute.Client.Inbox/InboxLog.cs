using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>What is logged of an inbox (event ids 1300 to 1399). Never an event's content.</summary>
internal static partial class InboxLog
{
    public const string Category = "AssetCompute.Client.Inbox";

    [LoggerMessage(EventId = 1300, Level = LogLevel.Warning, Message = "The inbox failed {Failures} times in a row: {Failure} The next attempt comes in {Delay}.")]
    public static partial void InboxFailed(ILogger logger, int failures, string failure, TimeSpan delay);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Warning, Message = "Attempt {Attempt} at the event '{Id}' failed; it is tried again in {Delay}.")]
    public static partial void Retry(ILogger logger, Exception exception, int attempt, string id, TimeSpan delay);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Error, Message = "The event '{Id}' is given up after {Attempts} attempts: {Reason}")]
    public static partial void DeadLetter(ILogger logger, string id, int attempts, string reason);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "The event '{Id}' was handed to another worker while attempt {Attempt} ran, and is no longer this one's: make the visibility timeout longer where that happens often.")]
    public static partial void Lost(ILogger logger, string id, int attempt);

    [LoggerMessage(EventId = 1304, Level = LogLevel.Warning, Message = "The event '{Id}' could not be settled before the application stopped: it is handed out again after its visibility timeout.")]
    public static partial void Unsettled(ILogger logger, string id);

    [LoggerMessage(EventId = 1305, Level = LogLevel.Debug, Message = "{Count} completed events are forgotten.")]
    public static partial void Removed(ILogger logger, int count);

    [LoggerMessage(EventId = 1306, Level = LogLevel.Error, Message = "A callback on the token of a handler threw an exception when the token was cancelled.")]
    public static partial void CancellationThrew(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1310, Level = LogLevel.Information, Message = "This instance reads the journal '{Name}' from {Position} on, under the fence {Fence}.")]
    public static partial void Reading(ILogger logger, string name, JournalPosition position, long fence);

    [LoggerMessage(EventId = 1311, Level = LogLevel.Warning, Message = "This instance has lost the lease of the journal '{Name}' and stops reading it.")]
    public static partial void LeaseLost(ILogger logger, string name);

    [LoggerMessage(EventId = 1312, Level = LogLevel.Warning, Message = "Reading the journal '{Name}' into the inbox failed: {Failure} The next attempt comes in {Delay}, at the position that is stored.")]
    public static partial void ReadingFailed(ILogger logger, Exception exception, string name, string failure, TimeSpan delay);

    [LoggerMessage(EventId = 1313, Level = LogLevel.Error, Message = "Reading the journal '{Name}' into the inbox has ended.")]
    public static partial void ReadingEnded(ILogger logger, Exception exception, string name);

    [LoggerMessage(EventId = 1314, Level = LogLevel.Debug, Message = "{Stored} of {Count} events of the journal '{Name}' were new.")]
    public static partial void Stored(ILogger logger, int stored, int count, string name);

    [LoggerMessage(EventId = 1315, Level = LogLevel.Warning, Message = "The lease '{Lease}' could not be renewed: {Failure} Where it ends before the next attempt, this instance stops reading.")]
    public static partial void LeaseNotRenewed(ILogger logger, string lease, string failure);

    [LoggerMessage(EventId = 1316, Level = LogLevel.Warning, Message = "The lease '{Lease}' could not be given back, and ends by itself: {Failure}")]
    public static partial void LeaseNotReleased(ILogger logger, string lease, string failure);
}
