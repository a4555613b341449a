using System.Globalization;
using Polly.Timeout;

namespace AssetCompute.Client.Http;

/// <summary>The name of a failure, for logs and the tag <c>error.type</c>: the status, or what broke.</summary>
internal static class FailureName
{
    public const string Cancelled = "cancelled";

    /// <returns>Null when the response is successful.</returns>
    public static string? Of(HttpResponseMessage response) => response.IsSuccessStatusCode ? null : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);

    public static string Of(Exception exception) => exception switch
    {
        TimeoutRejectedException or TimeoutException => "timeout",
        OperationCanceledException => Cancelled,
        BrokenBodyException => "broken_body",
#if !NETSTANDARD2_0
        HttpRequestException request => Of(request.HttpRequestError),
#endif
        _ => exception.GetType().FullName ?? exception.GetType().Name,
    };

#if !NETSTANDARD2_0
    // The names of OpenTelemetry's HTTP conventions, as .NET's own instruments write them.
    private static string Of(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "name_resolution_error",
        HttpRequestError.ConnectionError => "connection_error",
        HttpRequestError.SecureConnectionError => "secure_connection_error",
        HttpRequestError.HttpProtocolError => "http_protocol_error",
        HttpRequestError.ResponseEnded => "response_ended",
        HttpRequestError.InvalidResponse => "invalid_response",
        HttpRequestError.ProxyTunnelError => "proxy_tunnel_error",
        HttpRequestError.ConfigurationLimitExceeded => "configuration_limit_exceeded",
        _ => "http_error",
    };
#endif
}
