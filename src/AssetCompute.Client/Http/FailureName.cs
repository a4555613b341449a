using System.Globalization;
using Polly.Timeout;

namespace AssetCompute.Client.Http;

/// <summary>The name of a failure, for logs and the tag <c>error.type</c>: the status, or the kind of failure.</summary>
internal static class FailureName
{
    public const string Cancelled = "cancelled";

    /// <returns>The name; null if the response is successful.</returns>
    public static string? Of(HttpResponseMessage response) => response.IsSuccessStatusCode ? null : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);

    public static string Of(Exception exception) => exception switch
    {
        TimeoutRejectedException or TimeoutException => "timeout",
        OperationCanceledException => Cancelled,
        BrokenBodyException => "broken_body",
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown } => "http_error",

        // The names of OpenTelemetry's HTTP conventions, as .NET's own instruments use them.
        HttpRequestException request => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(request.HttpRequestError.ToString()),
        _ => exception.GetType().FullName ?? exception.GetType().Name,
    };
}
