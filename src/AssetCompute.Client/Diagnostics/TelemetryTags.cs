using System.Diagnostics;

namespace AssetCompute.Client.Diagnostics;

/// <summary>The names of attributes: OpenTelemetry's where it has one, else under <c>asset_compute.</c></summary>
internal static class TelemetryTags
{
    public const string Account = "asset_compute.account";

    public const string Operation = "asset_compute.operation";
    public const string RequestId = "asset_compute.request_id";
    public const string Outcome = "asset_compute.outcome";
    public const string Renditions = "asset_compute.renditions";
    public const string FailedRenditions = "asset_compute.renditions.failed";
    public const string Reason = "asset_compute.reason";

    public const string ErrorType = "error.type";
    public const string HttpRequestMethod = "http.request.method";
    public const string HttpResponseStatusCode = "http.response.status_code";
    public const string HttpRequestResendCount = "http.request.resend_count";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string UrlFull = "url.full";

    /// <summary>Returns the tags that have a value. The account without a name has no tag.</summary>
    public static TagList Of(string account, string? operation = null, int? statusCode = null, string? failure = null)
    {
        TagList tags = default;
        Add(Account, account.Length > 0 ? account : null);
        Add(Operation, operation);
        Add(HttpResponseStatusCode, statusCode);
        Add(ErrorType, failure);
        return tags;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                tags.Add(name, value);
            }
        }
    }
}
