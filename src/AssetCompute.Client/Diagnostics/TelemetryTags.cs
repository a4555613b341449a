using System.Diagnostics;

namespace AssetCompute.Client.Diagnostics;

/// <summary>The names of attributes: those of OpenTelemetry if they exist, else with the prefix <c>asset_compute.</c></summary>
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

    /// <summary>The value of a tag for all values that are not in a known set: each value of a tag is a time series.</summary>
    public const string Other = "other";

    private const string OwnNamespace = "AssetCompute.Client.";

    /// <summary>
    /// Returns the tags that have a value. The account without a name has no tag. A status that HTTP does not define, and the name of an unknown exception,
    /// are <see cref="Other"/>.
    /// </summary>
    public static TagList Of(string account, string? operation = null, int? statusCode = null, string? failure = null)
    {
        bool isDefined = statusCode is null or (>= 100 and <= 599);
        TagList tags = default;
        Add(ref tags, Account, account.Length > 0 ? account : null);
        Add(ref tags, Operation, operation);
        Add(ref tags, HttpResponseStatusCode, isDefined ? statusCode : null);
        Add(ref tags, ErrorType, failure is null ? null : isDefined ? Known(failure) : Other);
        return tags;
    }

    private static void Add(ref TagList tags, string name, object? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }

    private static string Known(string failure)
    {
        bool isOwn = failure.StartsWith(OwnNamespace, StringComparison.Ordinal) && failure.LastIndexOf('.') < OwnNamespace.Length;
        bool isForeign = failure.Contains('.') && !isOwn && !failure.StartsWith("System.", StringComparison.Ordinal);
        return isForeign ? Other : failure.Split('[')[0];
    }
}
