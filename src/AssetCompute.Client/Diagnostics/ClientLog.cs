using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Diagnostics;

/// <summary>Log messages of the HTTP client (event ids 1000 to 1099) and of the configuration (1900). Never a body, a header or a query string.</summary>
internal static partial class ClientLog
{
    public const string Category = "AssetCompute.Client.Http";

    [LoggerMessage(EventId = 1000, Level = LogLevel.Debug, Message = "{Operation} succeeded with {StatusCode} in {Elapsed} ms (requests sent: {Attempts}, request id: {RequestId}).")]
    public static partial void Succeeded(ILogger logger, string operation, int statusCode, int attempts, double elapsed, string requestId);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "{Operation} failed with {Failure} in {Elapsed} ms (requests sent: {Attempts}, request id: {RequestId}).")]
    public static partial void Failed(ILogger logger, string operation, string failure, int attempts, double elapsed, string requestId);

    [LoggerMessage(EventId = 1002, Message = "{Operation}: attempt {Attempt} failed with {Failure}. The next attempt starts in {Delay} ms (request id: {RequestId}).")]
    public static partial void Retrying(ILogger logger, LogLevel level, string operation, int attempt, string failure, double delay, string requestId);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "The service refuses requests (429): nothing is sent for {Wait} ms, then at most {Rate} a second and {Places} at a time.")]
    public static partial void Throttled(ILogger logger, double wait, double rate, int places);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Debug, Message = "{Operation} waited {Wait} ms for its turn (request id: {RequestId}).")]
    public static partial void Waited(ILogger logger, string operation, double wait, string requestId);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Debug, Message = "{Operation} was cancelled after {Elapsed} ms (requests sent: {Attempts}, request id: {RequestId}).")]
    public static partial void Cancelled(ILogger logger, string operation, int attempts, double elapsed, string requestId);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Information, Message = "The service refuses too many requests (429): at most {Rate} a second and {Places} at a time are sent now.")]
    public static partial void Slowed(ILogger logger, double rate, int places);

    [LoggerMessage(EventId = 1900, Level = LogLevel.Error, Message = "The configuration was reloaded and is not valid. The last valid {Options} of '{Name}' stay in use: {Reason}")]
    public static partial void ReloadFailed(ILogger logger, string options, string name, string reason);
}
