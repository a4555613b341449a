using System.Net;
using AssetCompute.Client;

namespace AssetExport;

/// <summary>Tells apart what is busy, which passes and would hit every asset, from what may be wrong with the one.</summary>
internal static class Busy
{
    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for what is busy.</summary>
    /// <param name="failure">What was thrown; causes count too.</param>
    /// <returns>The time; null where nothing is busy.</returns>
    public static TimeSpan? WaitOf(Exception failure) => failure switch
    {
        DestinationBusyException busy => busy.RetryAfter,
        AemException { IsBusy: true } aem => aem.RetryAfter ?? s_default,
        AssetComputeThrottledException throttled => throttled.RetryAfter ?? s_default,
        AssetComputeUnavailableException { RetryAfter: { } wait } => wait,
        AssetComputeUnavailableException { StatusCode: null or HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => s_default,
        AssetComputeAuthenticationException { IsTransient: true } signIn => signIn.RetryAfter ?? s_default,
        AssetStorageException { IsTransient: true, StatusCode: null or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => s_default,
        { InnerException: { } cause } => WaitOf(cause),
        _ => null,
    };
}
