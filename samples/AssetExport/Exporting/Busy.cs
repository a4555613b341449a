using System.Net;
using AssetCompute.Client;

namespace AssetExport;

/// <summary>Distinguishes busy systems, which are a temporary problem for every asset, from errors that may concern one asset.</summary>
internal static class Busy
{
    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(30);

    /// <summary>The maximum delay. A system that asks for more is tried again then, because it does not decide how long an export may be delayed.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <param name="failure">The exception. Its inner exceptions are examined too.</param>
    /// <returns>The delay, one day at most; null if nothing is busy.</returns>
    public static TimeSpan? WaitOf(Exception failure)
    {
        TimeSpan? wait = AskedBy(failure);
        return wait > s_longest ? s_longest : wait;
    }

    private static TimeSpan? AskedBy(Exception failure) => failure switch
    {
        DestinationBusyException busy => busy.RetryAfter,
        AemException { IsBusy: true } aem => aem.RetryAfter ?? s_default,
        AssetComputeThrottledException throttled => throttled.RetryAfter ?? s_default,
        AssetComputeUnavailableException { RetryAfter: { } wait } => wait,
        AssetComputeUnavailableException { StatusCode: null or HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => s_default,
        AssetComputeAuthenticationException { IsTransient: true } signIn => signIn.RetryAfter ?? s_default,
        AssetStorageException { IsTransient: true, StatusCode: null or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => s_default,
        { InnerException: { } cause } => AskedBy(cause),
        _ => null,
    };
}
