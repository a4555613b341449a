#if !NETSTANDARD2_0
using System.Diagnostics.CodeAnalysis;
#endif
using AssetCompute.Client.Http.Throttling;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
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

    // A refused call first waits briefly on its own, and then at the throttle with all others.
    private static readonly TimeSpan s_refusedDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_refusedMaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// <c>/register</c>, <c>/unregister</c>, <c>/process</c>. Refusals have a separate retry: the service has not processed the request, and only the total
    /// timeout limits the retries.
    /// </summary>
    public static void AddService(ResiliencePipelineBuilder<HttpResponseMessage> builder, AssetComputeOptions options, ThrottleStrategy throttle, ResilienceTelemetry telemetry)
    {
        AssetComputeRetryOptions retry = options.Retry;
        AddTimeout(builder, "total-timeout", retry.TotalTimeout);
        AddRetry(
            builder,
            "retry",
            retry.MaxRetryAttempts,
            (retry.Delay, retry.MaxDelay, retry.UseJitter),
            (operation, outcome) => ShouldRetry(operation, outcome, refusals: false, retry.RetryProcessOnServerError, retry.MaxRetryAfter),
            args => telemetry.Retrying(args, LogLevel.Information));

        bool throttles = options.Throttling.Enabled;
        AddRetry(
            builder,
            "retry-refused",
            retry.MaxRetryAttempts == 0 ? 0 : int.MaxValue,
            (throttles ? s_refusedDelay : Max(retry.Delay, s_refusedDelay), throttles ? s_refusedMaxDelay : Max(retry.MaxDelay, s_refusedMaxDelay), retry.UseJitter),
            (operation, outcome) => IsRefused(operation, outcome, retry.MaxRetryAfter),
            args => telemetry.Retrying(args, LogLevel.Debug));
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
        AddRetry(
            builder,
            "retry",
            Math.Min(ImsRetries, retry.MaxRetryAttempts),
            (retry.Delay, retry.MaxDelay, retry.UseJitter),
            (operation, outcome) => ShouldRetry(operation, outcome, refusals: true, retriesProcess: true, Min(s_imsMaxRetryAfter, retry.MaxRetryAfter)),
            args => telemetry.Retrying(args, LogLevel.Information));
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

    private static void AddRetry(
        ResiliencePipelineBuilder<HttpResponseMessage> builder,
        string name,
        int maxRetryAttempts,
        (TimeSpan First, TimeSpan Longest, bool UseJitter) delay,
        Func<HttpOperation, Outcome<HttpResponseMessage>, bool> shouldRetry,
        Action<OnRetryArguments<HttpResponseMessage>> onRetry)
    {
        if (maxRetryAttempts == 0)
        {
            return;
        }

        builder.AddRetry(new HttpRetryStrategyOptions
        {
            Name = name,
            MaxRetryAttempts = maxRetryAttempts,
            ShouldRetryAfterHeader = false,
            ShouldHandle = args => new ValueTask<bool>(HttpOperation.Of(args.Context) is { } operation && shouldRetry(operation, args.Outcome)),
            DelayGenerator = args => new ValueTask<TimeSpan?>(Backoff.Delay(
                delay.First, delay.Longest, args.AttemptNumber, RetryAfter.Of(args.Outcome.Result, builder.TimeProvider!), delay.UseJitter)),
            OnRetry = args =>
            {
                onRetry(args);
                return default;
            },
        });
    }

    private static bool ShouldRetry(HttpOperation operation, Outcome<HttpResponseMessage> outcome, bool refusals, bool retriesProcess, TimeSpan maxRetryAfter)
    {
        // The SDK's own exceptions, such as a failed token request, were already retried at their origin.
        if (outcome.Exception is AssetComputeException)
        {
            return false;
        }

        FailureKind failure = Failure.Of(outcome.Result, outcome.Exception);
        if (failure is FailureKind.Unclear && !operation.WasSent)
        {
            // The attempt timed out before the request was sent: it waited for a token.
            failure = FailureKind.NotSent;
        }

        operation.MayHaveBeenDone |= failure is FailureKind.Unclear;
        bool isAllowed = failure switch
        {
            FailureKind.Refused => refusals,
            FailureKind.NotSent => true,
            FailureKind.Unclear => operation.Kind is not OperationKind.Process || retriesProcess,
            _ => false,
        };
        return isAllowed && MayWait(operation, RetryAfter.Of(outcome.Result, operation.TimeProvider), maxRetryAfter);
    }

    private static bool IsRefused(HttpOperation operation, Outcome<HttpResponseMessage> outcome, TimeSpan maxRetryAfter)
    {
        operation.IsRefused = Failure.Of(outcome.Result, outcome.Exception) is FailureKind.Refused;
        if (!operation.IsRefused)
        {
            return false;
        }

        operation.LastRetryAfter = RetryAfter.Of(outcome.Result, operation.TimeProvider);
        return MayWait(operation, operation.LastRetryAfter, maxRetryAfter);
    }

    private static bool MayWait(HttpOperation operation, TimeSpan? retryAfter, TimeSpan maxRetryAfter)
    {
        bool mayWait = !(retryAfter > maxRetryAfter);
        operation.ExceededRetryAfter = mayWait ? null : maxRetryAfter;
        return mayWait;
    }

    private static void AddTimeout(ResiliencePipelineBuilder<HttpResponseMessage> builder, string name, TimeSpan timeout) =>
        builder.AddTimeout(new HttpTimeoutStrategyOptions { Name = name, Timeout = timeout });

#if !NETSTANDARD2_0
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The options are checked by AddAssetCompute, and these have no attributes to check.")]
#endif
    private static void AddStrategy(ResiliencePipelineBuilder<HttpResponseMessage> builder, ThrottleStrategy throttle) =>
        builder.AddStrategy(_ => throttle, new ThrottleStrategyOptions());

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private sealed class ThrottleStrategyOptions : ResilienceStrategyOptions
    {
        public ThrottleStrategyOptions() => Name = "throttle";
    }
}
