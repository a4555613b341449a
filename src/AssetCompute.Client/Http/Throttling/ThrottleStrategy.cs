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

        int epoch;
        try
        {
            epoch = await EnterAsync(operation, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }

        // Not in a finally block: after a timeout in the queue, the error must report that the call waited.
        operation.WaitsForItsTurn = false;
        operation.WasSent = false;
        int sentBefore = operation.Attempts;
        HttpResponseMessage? response = null;
        try
        {
            Outcome<HttpResponseMessage> outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
            response = outcome.Result;
            return outcome;
        }
        finally
        {
            Leave(response, operation, epoch, sentAgain: operation.Attempts - sentBefore - 1);
        }
    }

    private async ValueTask<int> EnterAsync(HttpOperation operation, CancellationToken cancellationToken)
    {
        ValueTask<int> entering = queue.EnterAsync(comesBack: operation.Attempts > 0, cancellationToken);
        if (entering.IsCompleted)
        {
            return await entering.ConfigureAwait(false);
        }

        long start = timeProvider.GetTimestamp();
        operation.WaitsForItsTurn = true;
        int epoch = await entering.ConfigureAwait(false);
        telemetry.Waited(operation, timeProvider.GetElapsedTime(start));
        return epoch;
    }

    /// <summary>Reports the outcome, and the number of additional requests, such as one with a renewed token after a 401.</summary>
    private void Leave(HttpResponseMessage? response, HttpOperation operation, int epoch, int sentAgain)
    {
        bool isRefused = response?.StatusCode is (HttpStatusCode)429;
        TimeSpan? retryAfter = isRefused ? RetryAfter.Of(response, timeProvider) : null;
        (double? Pause, double? Rate, int Places) learned = default;
        queue.Tell((law, now) =>
        {
            for (int time = 0; time < sentAgain; time++)
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
