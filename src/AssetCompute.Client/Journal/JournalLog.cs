using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>What is logged of a reading. Never an event's content.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(EventId = 1200, Level = LogLevel.Warning, Message = "Reading the journal of '{Account}' failed {Failures} times in a row: {Failure} The next attempt comes in {Delay}, at the same position.")]
    public static partial void Retrying(ILogger logger, string account, int failures, string failure, TimeSpan delay);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error, Message = "The journal position {Expired} of '{Account}' has expired; events are lost. Reading continues at {Position}.")]
    public static partial void Gap(ILogger logger, string account, string expired, string position);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Debug, Message = "The journal of '{Account}' has nothing new.")]
    public static partial void CaughtUp(ILogger logger, string account);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Information, Message = "The journal of '{Account}' is read with a new access token.")]
    public static partial void TokenRenewed(ILogger logger, string account);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Error, Message = "The journal processor '{Checkpoint}' has ended.")]
    public static partial void ProcessorEnded(ILogger logger, Exception exception, string checkpoint);

    [LoggerMessage(EventId = 1206, Level = LogLevel.Warning, Message = "The handler of the journal processor '{Checkpoint}' failed (attempt {Attempt}); it is tried again in {Delay}.")]
    public static partial void HandlerRetry(ILogger logger, Exception exception, string checkpoint, int attempt, TimeSpan delay);

    [LoggerMessage(EventId = 1207, Level = LogLevel.Warning, Message = "The journal processor '{Checkpoint}' has not found its journal: {Failure} The next attempt comes in {Delay}.")]
    public static partial void Opening(ILogger logger, string failure, string checkpoint, TimeSpan delay);

    [LoggerMessage(EventId = 1208, Level = LogLevel.Warning, Message = "The journal of '{Account}' was not found: the client was registered again and has another journal.")]
    public static partial void Moved(ILogger logger, string account);

    [LoggerMessage(EventId = 1209, Level = LogLevel.Error, Message = "A handler was canceled, and a callback that it registered on its cancellation token threw.")]
    public static partial void CancellationThrew(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1210, Level = LogLevel.Error, Message = "An event of the journal of '{Account}' is skipped (position {Position}): {Reason}")]
    public static partial void Skipped(ILogger logger, string account, string position, string reason);

    [LoggerMessage(EventId = 1205, Level = LogLevel.Warning, Message = "The journal processor '{Checkpoint}' gives up on entries and passes them to the dead letters (entries: {Count}, attempts: {Attempts}).")]
    public static partial void DeadLetter(ILogger logger, Exception exception, string checkpoint, int count, int attempts);
}
