using System.Net;
using AssetCompute.Client.Http.Resilience;
using Polly;

namespace AssetCompute.Client.Http.Throttling;

/// <summary>Lets a request leave when it is its turn, and learns from what becomes of it. One for all callers of an account.</summary>
internal sealed class ThrottleStrategy(AssetComputeThrottlingOptions throttling, AssetComputeRetryOptions retry, TimeProvider timeProvider, ResilienceTelemetry telemetry)
    : ResilienceStrategy<HttpResponseMessage>, IDisposable
{
    private readonly RequestGate _gate = new(new AdmissionPlan(throttling, retry), timeProvider);

    public void Dispose() => _gate.Dispose();

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

        Outcome<HttpResponseMessage> outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        Leave(outcome.Result, operation, epoch);
        return outcome;
    }

    private async ValueTask<int> EnterAsync(HttpOperation operation, CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        ValueTask<int> entering = _gate.EnterAsync(isRetry: operation.Attempts > 0, cancellationToken);
        bool waits = !entering.IsCompleted;
        operation.WaitsForItsTurn |= waits;
        int epoch = await entering.ConfigureAwait(false);

        // Not in a finally block: when the time runs out here, the error says so.
        operation.WaitsForItsTurn = false;
        if (waits)
        {
            telemetry.Waited(operation, timeProvider.GetElapsedTime(start));
        }

        return epoch;
    }

    private void Leave(HttpResponseMessage? response, HttpOperation operation, int epoch)
    {
        if (response is { StatusCode: (HttpStatusCode)429 })
        {
            TimeSpan? closed = _gate.LeaveRefused(epoch, RetryAfter.Of(response, timeProvider));
            telemetry.Throttled(operation, closed, _gate.Rate);
        }
        else if (response is null || (int)response.StatusCode >= 500)
        {
            _gate.LeaveFailed();
        }
        else
        {
            _gate.LeaveAccepted();
        }
    }
}
