using AssetCompute.Client.Http.Throttling;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>What holds around the requests of each HTTP client, from the outside to the inside.</summary>
internal static class ResiliencePipelines
{
    // Whoever waits for a token waits inside an attempt of his own; the token cache has its own patience beyond this.
    private const int ImsRetries = 3;
    private static readonly TimeSpan ImsAttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ImsTotalTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan ImsMaxRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary><c>/register</c>, <c>/unregister</c>, <c>/process</c>: total timeout, retry, gate, timeout of the attempt.</summary>
    public static ResiliencePipeline<HttpResponseMessage> ForService(AssetComputeOptions options, RequestGate gate, ResilienceTelemetry telemetry, TimeProvider timeProvider) =>
        NewBuilder(timeProvider)
            .AddTimeout(options.Retry.TotalTimeout)
            .AddRetry(options.Retry, gateWaits: options.Throttling.Enabled, telemetry)
            .AddStrategy(_ => new ThrottlingStrategy(gate, telemetry))
            .AddTimeout(options.Retry.AttemptTimeout)
            .Build();

    /// <summary>
    /// The journal: the timeout of the attempt alone. Its reader tries again by its own rules, for it knows the position and whom to tell.
    /// </summary>
    public static ResiliencePipeline<HttpResponseMessage> ForJournal(AssetComputeOptions options, TimeProvider timeProvider) =>
        NewBuilder(timeProvider).AddTimeout(options.Retry.AttemptTimeout).Build();

    /// <summary>The identity service: a few quick attempts.</summary>
    public static ResiliencePipeline<HttpResponseMessage> ForIms(AssetComputeOptions options, ResilienceTelemetry telemetry, TimeProvider timeProvider)
    {
        AssetComputeRetryOptions retry = new()
        {
            MaxRetryAttempts = Math.Min(ImsRetries, options.Retry.MaxRetryAttempts),
            Delay = options.Retry.Delay,
            MaxDelay = options.Retry.MaxDelay,
            UseJitter = options.Retry.UseJitter,
            MaxRetryAfter = Min(ImsMaxRetryAfter, options.Retry.MaxRetryAfter),
        };
        return NewBuilder(timeProvider)
            .AddTimeout(Min(ImsTotalTimeout, options.Retry.TotalTimeout))
            .AddRetry(retry, gateWaits: false, telemetry)
            .AddTimeout(Min(ImsAttemptTimeout, options.Retry.AttemptTimeout))
            .Build();
    }

    private static ResiliencePipelineBuilder<HttpResponseMessage> NewBuilder(TimeProvider timeProvider) => new() { TimeProvider = timeProvider };

    private static ResiliencePipelineBuilder<HttpResponseMessage> AddRetry(
        this ResiliencePipelineBuilder<HttpResponseMessage> builder,
        AssetComputeRetryOptions options,
        bool gateWaits,
        ResilienceTelemetry telemetry)
    {
        if (options.MaxRetryAttempts == 0)
        {
            return builder;
        }

        RetryRules rules = new(options, gateWaits);
        return builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = options.MaxRetryAttempts,
            ShouldHandle = args => new ValueTask<bool>(rules.ShouldRetry(OperationContext.Of(args.Context), args.Outcome)),
            DelayGenerator = args => new ValueTask<TimeSpan?>(rules.DelayOf(OperationContext.Of(args.Context), args.Outcome, args.AttemptNumber)),
            OnRetry = args =>
            {
                telemetry.Retrying(OperationContext.Of(args.Context), args.Outcome, args.RetryDelay);
                return default;
            },
        });
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
