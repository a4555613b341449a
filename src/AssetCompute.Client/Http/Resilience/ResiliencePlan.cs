using AssetCompute.Client.Http.Throttling;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>What holds around the requests of an HTTP client, from the outside to the inside: the time of all attempts, the retries, the gate, the time of each attempt.</summary>
internal sealed class ResiliencePlan
{
    // Whoever waits for a token waits inside an attempt of his own; the token cache has its own patience beyond this.
    private const int ImsRetries = 3;
    private static readonly TimeSpan ImsAttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ImsTotalTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan ImsMaxRetryAfter = TimeSpan.FromSeconds(10);

    private ResiliencePlan(TimeSpan attemptTimeout, TimeSpan? totalTimeout = null, RetryRules? retries = null, RequestGate? gate = null)
    {
        AttemptTimeout = attemptTimeout;
        TotalTimeout = totalTimeout;
        Retries = retries;
        Gate = gate;
    }

    public TimeSpan AttemptTimeout { get; }

    /// <summary>Null where there is one attempt only.</summary>
    public TimeSpan? TotalTimeout { get; }

    /// <summary>Null where nothing is tried again.</summary>
    public RetryRules? Retries { get; }

    /// <summary>Null where nobody waits for his turn.</summary>
    public RequestGate? Gate { get; }

    /// <summary><c>/register</c>, <c>/unregister</c>, <c>/process</c>.</summary>
    public static ResiliencePlan ForService(AssetComputeOptions options, RequestGate gate) =>
        new(options.Retry.AttemptTimeout, options.Retry.TotalTimeout, RulesOf(options.Retry, gateWaits: options.Throttling.Enabled), gate);

    /// <summary>
    /// The journal: the timeout of the attempt alone. Its reader tries again by its own rules, for it knows the position and whom to tell.
    /// </summary>
    public static ResiliencePlan ForJournal(AssetComputeOptions options) => new(options.Retry.AttemptTimeout);

    /// <summary>The identity service: a few quick attempts.</summary>
    public static ResiliencePlan ForIms(AssetComputeOptions options)
    {
        AssetComputeRetryOptions retry = new()
        {
            MaxRetryAttempts = Math.Min(ImsRetries, options.Retry.MaxRetryAttempts),
            Delay = options.Retry.Delay,
            MaxDelay = options.Retry.MaxDelay,
            UseJitter = options.Retry.UseJitter,
            MaxRetryAfter = Min(ImsMaxRetryAfter, options.Retry.MaxRetryAfter),
        };
        return new ResiliencePlan(Min(ImsAttemptTimeout, options.Retry.AttemptTimeout), Min(ImsTotalTimeout, options.Retry.TotalTimeout), RulesOf(retry, gateWaits: false));
    }

    private static RetryRules? RulesOf(AssetComputeRetryOptions options, bool gateWaits) => options.MaxRetryAttempts == 0 ? null : new RetryRules(options, gateWaits);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
