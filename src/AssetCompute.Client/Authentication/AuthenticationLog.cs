using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Authentication;

/// <summary>Log messages of authentication (event ids 1100 to 1199). Client ids are not secret. No other part of a credential is logged.</summary>
internal static partial class AuthenticationLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Debug, Message = "Obtained an access token for client {ClientId}, valid until {ExpiresOn:O}.")]
    public static partial void TokenObtained(ILogger logger, string clientId, DateTimeOffset expiresOn);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "An access token for account '{Account}' could not be obtained. The next attempt is in {Wait} at the earliest: {Reason}")]
    public static partial void RefreshFailed(ILogger logger, string account, TimeSpan wait, string reason);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Client secret {Number} of {Count} of client {ClientId} is no longer accepted. Trying the next.")]
    public static partial void SecretRefused(ILogger logger, string clientId, int number, int count);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "The identity service says that the token of client {ClientId} expires in {ExpiresIn}, which does not fit the token. The token is used for {Lifetime}.")]
    public static partial void ImplausibleLifetime(ILogger logger, string clientId, double? expiresIn, TimeSpan lifetime);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Information, Message = "The service rejected the access token of account '{Account}' before it expired. Requesting a new one.")]
    public static partial void TokenRejected(ILogger logger, string account);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Warning, Message = "The service keeps rejecting new access tokens of account '{Account}'. No further one is requested for now. Check that the project is entitled to the Asset Compute API.")]
    public static partial void TooManyRejections(ILogger logger, string account);
}
