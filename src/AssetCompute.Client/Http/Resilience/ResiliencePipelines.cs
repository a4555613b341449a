#if !NETSTANDARD2_0
using System.Diagnostics.CodeAnalysis;
#endif
using AssetCompute.Client.Http.Throttling;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Builds every pipeline of the client: which failures are retried, after which delay, and with which timeouts.</summary>
internal static class ResiliencePipelines
{
    // Callers wait for a token within their own attempt. The token cache waits longer between its requests.
    private const int ImsRetries = 3;
    private static readonly TimeSpan s_imsAttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_imsTotalTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_imsMaxRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary><c>/register</c>, <c>/unregister</c>, <c>/process</c>: only the total timeout limits the retries of a refused call.</summary>
    public static void AddService(ResiliencePipelineBuilder<HttpResponseMessage> builder, AssetComputeOptions options, ThrottleStrategy throttle, ResilienceTelemetry telemetry)
    {
        AssetComputeRetryOptions retry = options.Retry;
        AddTimeout(builder, "total-timeout", retry.TotalTimeout);
        AddRetry(builder, new RetryRules(retry, retry.MaxRetryAttempts, retry.MaxRetryAfter) { RetriesRefusals = true, Throttles = options.Throttling.Enabled }, telemetry);
        AddStrategy(builder, throttle);
        AddTimeout(builder, "attempt-timeout", retry.AttemptTimeout);
    }

    /// <summary>The journal: only the attempt timeout. Its reader retries by itself, because it knows the position.</summary>
    public static void AddJournal(ResiliencePipelineBuilder<HttpResponseMessage> builder, AssetComputeOptions options) =>
        AddTimeout(builder, "attempt-timeout", options.Retry.AttemptTimeout);

    /// <summary>The identity service: a few quick attempts.</summary>
    public static void AddIms(ResiliencePipelineBuilder<HttpResponseMessage> builder, AssetComputeOptions options, ResilienceTelemetry telemetry)
    {
        AssetComputeRetryOptions retry = options.Retry;
        AddTimeout(builder, "total-timeout", Min(s_imsTotalTimeout, retry.TotalTimeout));
        AddRetry(builder, new RetryRules(retry, Math.Min(ImsRetries, retry.MaxRetryAttempts), Min(s_imsMaxRetryAfter, retry.MaxRetryAfter)), telemetry);
        AddTimeout(builder, "attempt-timeout", Min(s_imsAttemptTimeout, retry.AttemptTimeout));
    }

    /// <summary>
    /// Creates a pipeline for work that is not a single request. It retries after exceptions, unless the caller has canceled. The wait doubles up to the
    /// maximum, unless the service asks for more.
    /// </summary>
    public static ResiliencePipeline CreateRetry(
        string name,
        int maxRetryAttempts,
        TimeSpan delay,
        TimeSpan maxDelay,
        Func<Exception, bool> shouldRetry,
        Func<OnRetryArguments<object>, ValueTask> onRetry,
        TimeProvider timeProvider)
    {
        ResiliencePipelineBuilder builder = new() { Name = name, TimeProvider = timeProvider };
        return maxRetryAttempts == 0 ? ResiliencePipeline.Empty : builder.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = maxRetryAttempts,
            ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is { } exception && !args.Context.CancellationToken.IsCancellationRequested && shouldRetry(exception)),
            DelayGenerator = args => new ValueTask<TimeSpan?>(Backoff.Delay(delay, maxDelay, args.AttemptNumber, Failure.RetryAfterOf(args.Outcome.Exception))),
            OnRetry = onRetry,
        }).Build();
    }

    private static void AddRetry(ResiliencePipelineBuilder<HttpResponseMessage> builder, RetryRules rules, ResilienceTelemetry telemetry) =>
        builder.AddRetry(new HttpRetryStrategyOptions
        {
            Name = "retry",
            // The rules count: a refusal is not a retry of the options.
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = args => new ValueTask<bool>(HttpOperation.Of(args.Context) is { } operation && rules.ShouldRetry(operation, args.Outcome)),
            DelayGenerator = args => new ValueTask<TimeSpan?>(rules.Delay(HttpOperation.Of(args.Context)!, args.Outcome)),
            OnRetry = args =>
            {
                telemetry.Retrying(args);
                return default;
            },
        });

    private static void AddTimeout(ResiliencePipelineBuilder<HttpResponseMessage> builder, string name, TimeSpan timeout) =>
        builder.AddTimeout(new HttpTimeoutStrategyOptions { Name = name, Timeout = timeout });

#if !NETSTANDARD2_0
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The options are checked by AddAssetCompute, and these have no attributes to check.")]
#endif
    private static void AddStrategy(ResiliencePipelineBuilder<HttpResponseMessage> builder, ThrottleStrategy throttle) =>
        builder.AddStrategy(_ => throttle, new ThrottleStrategyOptions());

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private sealed class ThrottleStrategyOptions : ResilienceStrategyOptions
    {
        public ThrottleStrategyOptions() => Name = "throttle";
    }
}
