using Polly;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Decides which attempts of a call are repeated, and after which delay.</summary>
/// <param name="options">The delays, and the rule for <c>/process</c>.</param>
/// <param name="maxRetries">The maximum number of retries after failures. With 0, nothing is retried.</param>
/// <param name="maxRetryAfter">The longest wait that the service may ask for.</param>
internal sealed class RetryRules(AssetComputeRetryOptions options, int maxRetries, TimeSpan maxRetryAfter)
{
    // A refused call first waits briefly by itself, and then at the throttle with all others.
    private static readonly TimeSpan s_refusedDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_refusedMaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>Whether refusals (429) are retried without a limit. The service has not processed the request. Otherwise a refusal is a failure like others.</summary>
    public bool RetriesRefusals { get; init; }

    /// <summary>Whether a refused call also waits at the throttle, so that its own delay can be short.</summary>
    public bool Throttles { get; init; }

    public bool ShouldRetry(HttpOperation operation, Outcome<HttpResponseMessage> outcome)
    {
        // The SDK's own exceptions, such as a failed token request, were already retried at their origin.
        FailureKind failure = outcome.Exception is AssetComputeException ? FailureKind.None : Failure.Of(outcome.Result, outcome.Exception);
        if (failure is FailureKind.Unclear && !operation.WasSent)
        {
            // The attempt timed out before the request was sent: it waited for a token.
            failure = FailureKind.NotSent;
        }

        operation.MayHaveBeenDone |= failure is FailureKind.Unclear;
        operation.IsRefused = failure is FailureKind.Refused;
        TimeSpan? retryAfter = RetryAfter.Of(outcome.Result, operation.TimeProvider);
        operation.LastRetryAfter = operation.IsRefused ? retryAfter : operation.LastRetryAfter;
        bool isAllowed = failure switch
        {
            FailureKind.None => false,
            FailureKind.Refused when RetriesRefusals => maxRetries > 0,
            FailureKind.Unclear when operation.Kind == OperationKind.Process && !options.RetryProcessOnServerError => false,
            _ => operation.Retries < maxRetries,
        };
        operation.ExceededRetryAfter = isAllowed && retryAfter > maxRetryAfter ? maxRetryAfter : null;
        return isAllowed && operation.ExceededRetryAfter is null;
    }

    /// <summary>Counts the retry, and returns the wait before it.</summary>
    public TimeSpan Delay(HttpOperation operation, Outcome<HttpResponseMessage> outcome)
    {
        TimeSpan? retryAfter = RetryAfter.Of(outcome.Result, operation.TimeProvider);
        if (!(operation.IsRefused && RetriesRefusals))
        {
            operation.RefusedInRow = 0;
            return Backoff.Delay(options.Delay, options.MaxDelay, operation.Retries++, retryAfter, options.UseJitter);
        }

        TimeSpan first = Throttles || options.Delay < s_refusedDelay ? s_refusedDelay : options.Delay;
        TimeSpan longest = Throttles || options.MaxDelay < s_refusedMaxDelay ? s_refusedMaxDelay : options.MaxDelay;
        return Backoff.Delay(first, longest, operation.RefusedInRow++, retryAfter, options.UseJitter);
    }
}
