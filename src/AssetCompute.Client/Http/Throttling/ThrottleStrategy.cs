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
        HttpOperation operation = HttpOperation.Of(context)!;
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
        (double? Pause, double? Rate, int Places)? learned = null;
        queue.Tell((law, now) =>
        {
            if (wasSentAgain)
            {
                law.SentAgain(now);
            }

            switch (response?.StatusCode)
            {
                case (HttpStatusCode)429:
                    learned = (law.Refused(now, epoch, RetryAfter.Of(response, timeProvider)), law.Rate, law.Places);
                    break;
                case null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError:
                    // The gateway may have answered before the limit applied.
                    law.Failed(epoch);
                    break;
                default:
                    law.Succeeded(now, epoch);
                    break;
            }
        });

        if (learned is { } limits)
        {
            telemetry.Throttled(operation, limits.Pause, limits.Rate, limits.Places);
        }
    }
}
