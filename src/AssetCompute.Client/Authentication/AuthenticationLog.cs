using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Authentication;

/// <summary>What authentication writes to the log (event ids 1100 to 1199). Client ids are no secrets; nothing else of a credential is written.</summary>
internal static partial class AuthenticationLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Debug, Message = "New access token for client {ClientId}, good until {ExpiresOn:O}.")]
    public static partial void TokenObtained(ILogger logger, string clientId, DateTimeOffset expiresOn);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "No new access token for account '{Account}'; the next try is in {Wait} at the earliest: {Reason}")]
    public static partial void RefreshFailed(ILogger logger, string account, TimeSpan wait, string reason);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Client secret {Number} of {Count} of client {ClientId} is no longer accepted; trying the next.")]
    public static partial void SecretRefused(ILogger logger, string clientId, int number, int count);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "The identity service says that the token of client {ClientId} expires in {ExpiresIn}, which does not fit the token; taking it to live {Lifetime}.")]
    public static partial void ImplausibleLifetime(ILogger logger, string clientId, double? expiresIn, TimeSpan lifetime);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Information, Message = "The service refused the access token of account '{Account}' before its end; fetching a new one.")]
    public static partial void TokenRejected(ILogger logger, string account);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Warning, Message = "The service goes on refusing new access tokens of account '{Account}'; for now no further one is fetched. Check that the project is entitled to the Asset Compute API.")]
    public static partial void TooManyRejections(ILogger logger, string account);

    [LoggerMessage(EventId = 1106, Level = LogLevel.Warning, Message = "The shared access token of account '{Account}' cannot be read ({Error}); going without.")]
    public static partial void SharedTokenNotRead(ILogger logger, string account, string error);

    [LoggerMessage(EventId = 1107, Level = LogLevel.Warning, Message = "The access token of account '{Account}' cannot be shared ({Error}); going without.")]
    public static partial void SharedTokenNotWritten(ILogger logger, string account, string error);

    [LoggerMessage(EventId = 1108, Level = LogLevel.Debug, Message = "Shared access token for client {ClientId}, good until {ExpiresOn:O}.")]
    public static partial void TokenShared(ILogger logger, string clientId, DateTimeOffset expiresOn);
}
