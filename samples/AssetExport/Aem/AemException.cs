using System.Net;

namespace AssetExport;

/// <summary>AEM refused a call, or cannot be reached.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AemException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The status of the answer; null where there was none.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long AEM asks to wait; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether AEM is busy or out of reach, for every asset: nothing is wrong with the call. That it does not know the account (401) is true of every asset too, until somebody
    /// sees to it. An error (500) may be that of one asset, unless AEM says when to come back.
    /// </summary>
    public bool IsBusy =>
        Status is null or HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || (Status >= HttpStatusCode.InternalServerError && RetryAfter is not null);
}
