using System.Net;
using AssetCompute.Client;

namespace AssetExport;

/// <summary>Tells apart what is busy, which passes and would hit every asset, from what may be wrong with the one.</summary>
internal static class Busy
{
    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(30);

    /// <summary>Whoever asks for more is asked again then: for how long an export may be put off is not theirs to say.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>How long to wait for what is busy.</summary>
    /// <param name="failure">What was thrown; causes count too.</param>
    /// <returns>The time, a day at most; null where nothing is busy.</returns>
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
