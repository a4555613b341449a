using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Diagnostics;

/// <summary>
/// Log messages of the HTTP client (event ids 1000 to 1099), of authentication (1100 to 1199), of rendering files (1500 to 1599) and of the configuration
/// (1900). Never a body, a header, a URL with its query, or a part of a credential other than the client id, which is not secret.
/// </summary>
internal static partial class ClientLog
{
    public const string Category = "AssetCompute.Client.Http";

    /// <summary>Returns the name to log. The only account of an application has no name, and an empty text would look like an error.</summary>
    public static string NameOf(string account) => account.Length == 0 ? "default" : account;

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

    [LoggerMessage(EventId = 1005, Level = LogLevel.Debug, Message = "{Operation} was canceled after {Elapsed} ms (requests sent: {Attempts}, request id: {RequestId}).")]
    public static partial void Cancelled(ILogger logger, string operation, int attempts, double elapsed, string requestId);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Information, Message = "The service refuses too many requests (429): at most {Rate} a second and {Places} at a time are sent now.")]
    public static partial void Slowed(ILogger logger, double rate, int places);

    [LoggerMessage(EventId = 1100, Level = LogLevel.Debug, Message = "Obtained an access token for client {ClientId}, valid until {ExpiresOn:O}.")]
    public static partial void TokenObtained(ILogger logger, string clientId, DateTimeOffset expiresOn);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "An access token for account '{Account}' could not be obtained. The next attempt is in {Wait} at the earliest: {Reason}")]
    public static partial void RefreshFailed(ILogger logger, string account, TimeSpan wait, string reason);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Client secret {Number} of {Count} of client {ClientId} is no longer accepted. Trying the next.")]
    public static partial void SecretRefused(ILogger logger, string clientId, int number, int count);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "The identity service says that the token of client {ClientId} expires in {ExpiresIn}, which does not match the token. The token is used for {Lifetime}.")]
    public static partial void ImplausibleLifetime(ILogger logger, string clientId, double? expiresIn, TimeSpan lifetime);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Information, Message = "The service rejected the access token of account '{Account}' before it expired. Requesting a new one.")]
    public static partial void TokenRejected(ILogger logger, string account);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Warning, Message = "The service keeps rejecting new access tokens of account '{Account}'. No further tokens are requested for now. Check that the project is entitled to the Asset Compute API.")]
    public static partial void TooManyRejections(ILogger logger, string account);

    [LoggerMessage(EventId = 1500, Level = LogLevel.Warning, Message = "'{Name}' could not be removed from the storage and is left behind.")]
    public static partial void LeftBehind(ILogger logger, string name, Exception exception);

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "{Count} renditions of request {RequestId} were too large for their targets, or failed after their URLs had expired. They are requested once more with new targets.")]
    public static partial void RequestingAgain(ILogger logger, int count, string requestId);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Information, Message = "The download of '{Name}' failed and starts again (attempt {Attempt}).")]
    public static partial void DownloadingAgain(ILogger logger, string name, int attempt);

    [LoggerMessage(EventId = 1900, Level = LogLevel.Error, Message = "The configuration was reloaded and is not valid. The last valid {Options} of '{Name}' stay in use: {Reason}")]
    public static partial void ReloadFailed(ILogger logger, string options, string name, string reason);
}
