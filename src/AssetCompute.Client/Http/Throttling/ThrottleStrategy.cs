using System.Net;
using AssetCompute.Client.Http.Resilience;
using Polly;

namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// Holds a request until the queue allows it, and reports its outcome to the queue. It is inside the retries, so that a refused call queues with all others,
/// and outside the attempt timeout, which starts when the request is sent.
/// </summary>
internal sealed class ThrottleStrategy(ThrottleQueue queue, TimeProvider timeProvider, ResilienceTelemetry telemetry) : ResilienceStrategy<HttpResponseMessage>
{
    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
    {
        if (HttpOperation.Of(context) is not { } operation)
        {
            return await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }

        long start = timeProvider.GetTimestamp();
        Task<int> entering = queue.EnterAsync(comesBack: operation.Attempts > 0, context.CancellationToken);
        // Stays true if the wait fails: after a timeout in the queue, the error must report that the call waited.
        operation.WaitsForItsTurn = !entering.IsCompleted;
        int epoch = await entering.ConfigureAwait(context.ContinueOnCapturedContext);
        if (operation.WaitsForItsTurn)
        {
            operation.WaitsForItsTurn = false;
            telemetry.Waited(operation, timeProvider.GetElapsedTime(start));
        }

        operation.WasSent = false;
        int sentBefore = operation.Attempts;
        Outcome<HttpResponseMessage> outcome = default;
        try
        {
            return outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        finally
        {
            Leave(outcome.Result, operation, epoch, wasSentAgain: operation.Attempts > sentBefore + 1);
        }
    }

    /// <summary>Reports the outcome, and whether there was a second request, with a renewed token after a 401.</summary>
    private void Leave(HttpResponseMessage? response, HttpOperation operation, int epoch, bool wasSentAgain)
    {
        bool isRefused = response?.StatusCode is (HttpStatusCode)429;
        TimeSpan? retryAfter = isRefused ? RetryAfter.Of(response, timeProvider) : null;
        (double? Pause, double? Rate, int Places) learned = default;
        queue.Tell((law, now) =>
        {
            if (wasSentAgain)
            {
                law.SentAgain(now);
            }

            if (isRefused)
            {
                learned = (law.Refused(now, epoch, retryAfter), law.Rate, law.Places);
            }
            else if (PassedTheLimit(response))
            {
                law.Succeeded(now, epoch);
            }
            else
            {
                law.Failed(epoch);
            }
        });

        if (isRefused)
        {
            telemetry.Throttled(operation, learned.Pause, learned.Rate, learned.Places);
        }
    }

    /// <summary>Whether the service itself answered. Otherwise the gateway may have answered before the limit applied.</summary>
    private static bool PassedTheLimit(HttpResponseMessage? response) => response?.StatusCode
        is not (null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError);
}
