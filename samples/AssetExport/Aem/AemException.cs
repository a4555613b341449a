using System.Net;

namespace AssetExport;

/// <summary>AEM refused a call, or is unreachable.</summary>
internal sealed class AemException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The status of the response; null if there was none.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long AEM asks to wait; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether every asset is affected: AEM is busy or unreachable, or does not know the account (401). An error (500) may affect only one asset.</summary>
    public bool IsBusy =>
        Status is null or HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || (Status >= HttpStatusCode.InternalServerError && RetryAfter is not null);
}
