#if !NETSTANDARD2_0
using System.Diagnostics.CodeAnalysis;
#endif
using AssetCompute.Client.Http.Throttling;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Builds every pipeline of the client: what is tried again, after how long, and how much time it all may take.</summary>
internal static class ResiliencePipelines
{
    // Whoever waits for a token waits inside an attempt of his own; the token cache has its own patience beyond this.
    private const int ImsRetries = 3;
    private static readonly TimeSpan s_imsAttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_imsTotalTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_imsMaxRetryAfter = TimeSpan.FromSeconds(10);

    // A refused call waits a little by itself, and then at the throttle with all others.
    private static readonly TimeSpan s_refusedDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_refusedMaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// <c>/register</c>, <c>/unregister</c>, <c>/process</c>. Refusals have a retry of their own: the service has done nothing, and there is no limit to them but the
    /// time.
    /// </summary>
    public static void AddService(ResiliencePipelineBuilder<HttpResponseMessage> builder, AssetComputeOptions options, ThrottleStrategy throttle, ResilienceTelemetry telemetry)
    {
        AssetComputeRetryOptions retry = options.Retry;
        AddTimeout(builder, "total-timeout", retry.TotalTimeout);
        AddRetry(builder, "retry", retry, telemetry, refusals: false);
        if (retry.MaxRetryAttempts > 0)
        {
            bool throttles = options.Throttling.Enabled;
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                Name = "retry-refused",
                MaxRetryAttempts = int.MaxValue,
                ShouldRetryAfterHeader = false,
                ShouldHandle = args => new ValueTask<bool>(IsRefused(HttpOperation.Of(args.Context), args.Outcome.Result, args.Outcome.Exception, retry.MaxRetryAfter)),
                DelayGenerator = args => new ValueTask<TimeSpan?>(Backoff.Delay(
                    throttles || retry.Delay < s_refusedDelay ? s_refusedDelay : retry.Delay,
                    throttles || retry.MaxDelay < s_refusedMaxDelay ? s_refusedMaxDelay : retry.MaxDelay,
                    args.AttemptNumber,
                    RetryAfter.Of(args.Outcome.Result!, builder.TimeProvider!),
                    retry.UseJitter)),
                OnRetry = args =>
                {
                    HttpOperation operation = HttpOperation.Of(args.Context)!;
                    operation.LastRetryAfter = RetryAfter.Of(args.Outcome.Result!, operation.TimeProvider);
                    telemetry.Retrying(args, LogLevel.Debug);
                    return default;
                },
            });
        }

        AddStrategy(builder, throttle);
        AddTimeout(builder, "attempt-timeout", retry.AttemptTimeout);
    }

    /// <summary>The journal: the time of the attempt alone. Its reader tries again by its own rules, for it knows the position and whom to tell.</summary>
    public static void AddJournal(ResiliencePipelineBuilder<HttpResponseMessage> builder, AssetComputeOptions options) =>
        AddTimeout(builder, "attempt-timeout", options.Retry.AttemptTimeout);

    /// <summary>The identity service: a few quick attempts.</summary>
    public static void AddIms(ResiliencePipelineBuilder<HttpResponseMessage> builder, AssetComputeOptions options, ResilienceTelemetry telemetry)
    {
        AssetComputeRetryOptions retry = new()
        {
            MaxRetryAttempts = Math.Min(ImsRetries, options.Retry.MaxRetryAttempts),
            Delay = options.Retry.Delay,
            MaxDelay = options.Retry.MaxDelay,
            UseJitter = options.Retry.UseJitter,
            MaxRetryAfter = Min(s_imsMaxRetryAfter, options.Retry.MaxRetryAfter),
        };
        AddTimeout(builder, "total-timeout", Min(s_imsTotalTimeout, options.Retry.TotalTimeout));
        AddRetry(builder, "retry", retry, telemetry, refusals: true);
        AddTimeout(builder, "attempt-timeout", Min(s_imsAttemptTimeout, options.Retry.AttemptTimeout));
    }

    /// <summary>A pipeline for what is no request of its own: tries again what has failed with an exception.</summary>
    /// <param name="name">What is tried.</param>
    /// <param name="maxRetryAttempts">How often at most; 0 for never.</param>
    /// <param name="delay">The first wait, which doubles.</param>
    /// <param name="maxDelay">The longest wait, except where the service asks for more.</param>
    /// <param name="shouldRetry">Whether an exception is worth another attempt. It is not asked once the caller has cancelled.</param>
    /// <param name="onRetry">Is told of each retry.</param>
    /// <param name="timeProvider">The clock.</param>
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

    private static void AddRetry(ResiliencePipelineBuilder<HttpResponseMessage> builder, string name, AssetComputeRetryOptions options, ResilienceTelemetry telemetry, bool refusals)
    {
        if (options.MaxRetryAttempts == 0)
        {
            return;
        }

        builder.AddRetry(new HttpRetryStrategyOptions
        {
            Name = name,
            MaxRetryAttempts = options.MaxRetryAttempts,
            ShouldRetryAfterHeader = false,
            ShouldHandle = args => new ValueTask<bool>(ShouldRetry(HttpOperation.Of(args.Context), args.Outcome.Result, args.Outcome.Exception, options, refusals)),
            DelayGenerator = args => new ValueTask<TimeSpan?>(Backoff.Delay(
                options.Delay,
                options.MaxDelay,
                args.AttemptNumber,
                args.Outcome.Result is { } response ? RetryAfter.Of(response, builder.TimeProvider!) : null,
                options.UseJitter)),
            OnRetry = args =>
            {
                telemetry.Retrying(args, LogLevel.Information);
                return default;
            },
        });
    }

    private static bool ShouldRetry(HttpOperation? operation, HttpResponseMessage? response, Exception? exception, AssetComputeRetryOptions options, bool refusals)
    {
        // What the SDK has put into words already, such as a token that cannot be had, has been tried again where it arose.
        if (operation is null || exception is AssetComputeException)
        {
            return false;
        }

        FailureKind failure = Failure.Of(response, exception);
        if (failure is FailureKind.Unclear && !operation.WasSent)
        {
            // The time was up before the request left: it waited for a token.
            failure = FailureKind.NotSent;
        }

        operation.MayHaveBeenDone |= failure is FailureKind.Unclear;
        bool isAllowed = failure switch
        {
            FailureKind.Refused => refusals,
            FailureKind.NotSent => true,
            FailureKind.Unclear => operation.Kind is not OperationKind.Process || options.RetryProcessOnServerError,
            _ => false,
        };
        return isAllowed && MayWait(operation, response, options.MaxRetryAfter);
    }

    private static bool IsRefused(HttpOperation? operation, HttpResponseMessage? response, Exception? exception, TimeSpan longest)
    {
        if (operation is null)
        {
            return false;
        }

        operation.IsRefused = Failure.Of(response, exception) is FailureKind.Refused;
        return operation.IsRefused && MayWait(operation, response, longest);
    }

    private static bool MayWait(HttpOperation operation, HttpResponseMessage? response, TimeSpan longest)
    {
        bool mayWait = response is null || !(RetryAfter.Of(response, operation.TimeProvider) > longest);
        operation.ExceededRetryAfter = mayWait ? null : longest;
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

    private sealed class ThrottleStrategyOptions : ResilienceStrategyOptions
    {
        public ThrottleStrategyOptions() => Name = "throttle";
    }
}
