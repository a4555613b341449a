using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>Log messages of readings (event ids 1200 to 1219) and relays (1310 to 1319). Never the content of an event.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(EventId = 1200, Level = LogLevel.Warning, Message = "Reading the journal of '{Account}' failed {Failures} times in a row: {Failure} The next attempt starts in {Delay}, at the same position.")]
    public static partial void Retrying(ILogger logger, string account, int failures, string failure, TimeSpan delay);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error, Message = "The journal position {Expired} of '{Account}' has expired; events are lost. Reading continues at {Position}.")]
    public static partial void Gap(ILogger logger, string account, string expired, string position);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Debug, Message = "The journal of '{Account}' has nothing new.")]
    public static partial void CaughtUp(ILogger logger, string account);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Error, Message = "The journal processor '{Checkpoint}' has ended.")]
    public static partial void ProcessorEnded(ILogger logger, Exception exception, string checkpoint);

    [LoggerMessage(EventId = 1206, Level = LogLevel.Warning, Message = "The handler of the journal processor '{Checkpoint}' failed (attempt {Attempt}); it is tried again in {Delay}.")]
    public static partial void HandlerRetry(ILogger logger, Exception exception, string checkpoint, int attempt, TimeSpan delay);

    [LoggerMessage(EventId = 1207, Level = LogLevel.Warning, Message = "The journal processor '{Checkpoint}' has not found its journal: {Failure} The next attempt starts in {Delay}.")]
    public static partial void Opening(ILogger logger, string failure, string checkpoint, TimeSpan delay);

    [LoggerMessage(EventId = 1208, Level = LogLevel.Warning, Message = "The journal of '{Account}' was not found: the client was registered again and has another journal.")]
    public static partial void Moved(ILogger logger, string account);

    [LoggerMessage(EventId = 1209, Level = LogLevel.Error, Message = "A handler was canceled, and a callback that it registered on its cancellation token threw.")]
    public static partial void CancellationThrew(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1210, Level = LogLevel.Error, Message = "An event of the journal of '{Account}' is skipped (position {Position}): {Reason}")]
    public static partial void Skipped(ILogger logger, string account, string position, string reason);

    [LoggerMessage(EventId = 1211, Level = LogLevel.Error, Message = "The journal processor '{Checkpoint}' is ending after a failure, and another failure occurred.")]
    public static partial void LaterFailure(ILogger logger, Exception exception, string checkpoint);

    [LoggerMessage(EventId = 1205, Level = LogLevel.Warning, Message = "The journal processor '{Checkpoint}' gives up on entries and passes them to the dead letters (entries: {Count}, attempts: {Attempts}).")]
    public static partial void DeadLetter(ILogger logger, Exception exception, string checkpoint, int count, int attempts);

    [LoggerMessage(EventId = 1310, Level = LogLevel.Information, Message = "This process now reads the journal '{Name}', starting at {Position} (fence {Fence}).")]
    public static partial void RelayReading(ILogger logger, string name, JournalPosition position, long fence);

    [LoggerMessage(EventId = 1311, Level = LogLevel.Warning, Message = "This process has lost the lease of the journal '{Name}' and stops reading it.")]
    public static partial void RelayLeaseLost(ILogger logger, string name);

    // Without the exception: an exception of a sink may contain the address and password of its broker.
    [LoggerMessage(EventId = 1312, Level = LogLevel.Warning, Message = "Relaying the journal '{Name}' failed ({Type}): {Failure} The next attempt starts in {Delay}, at the saved position.")]
    public static partial void RelayFailed(ILogger logger, string name, string type, string failure, TimeSpan delay);

    [LoggerMessage(EventId = 1313, Level = LogLevel.Error, Message = "Reading the journal '{Name}' has ended.")]
    public static partial void RelayEnded(ILogger logger, Exception exception, string name);

    [LoggerMessage(EventId = 1314, Level = LogLevel.Debug, Message = "{Published} of {Count} events of the journal '{Name}' were published.")]
    public static partial void RelayPublished(ILogger logger, int published, int count, string name);

    [LoggerMessage(EventId = 1315, Level = LogLevel.Warning, Message = "The lease '{Lease}' could not be renewed: {Failure} If it expires before the next attempt, this process stops reading.")]
    public static partial void LeaseNotRenewed(ILogger logger, string lease, string failure);

    [LoggerMessage(EventId = 1316, Level = LogLevel.Warning, Message = "The lease '{Lease}' could not be released, and expires on its own: {Failure}")]
    public static partial void LeaseNotReleased(ILogger logger, string lease, string failure);

    /// <summary>Cancels a token that the user's code has. Exceptions from callbacks that the user's code registered on it are logged.</summary>
    public static void CancelAndLog(this CancellationTokenSource source, ILogger logger)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException exception)
        {
            CancellationThrew(logger, exception);
        }
    }
}
