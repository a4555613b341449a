using System.Net;
using AssetCompute.Client.Http.Throttling;
using Polly;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>
/// Lets each attempt through the gate that all callers share. It stands inside the retries, so that a refused call waits here with the others,
/// and outside the timeout of the attempt, whose time runs only once it is sent.
/// </summary>
internal sealed class ThrottlingStrategy(RequestGate gate, ResilienceTelemetry telemetry) : ResilienceStrategy<HttpResponseMessage>
{
    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state)
    {
        HttpOperation operation = OperationContext.Of(context);
        int epoch;
        try
        {
            ValueTask<int> turn = gate.EnterAsync(isRetry: operation.Attempts > 0, context.CancellationToken);
            epoch = turn.IsCompletedSuccessfully ? turn.Result : await WaitAsync(turn, operation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }

        Outcome<HttpResponseMessage> outcome;
        try
        {
            outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch
        {
            gate.LeaveFailed();
            throw;
        }

        switch (outcome.Result)
        {
            case null:
                gate.LeaveFailed();
                break;

            case { StatusCode: (HttpStatusCode)429 } refusal:
                TimeSpan? retryAfter = RetryAfter.Of(refusal, operation.TimeProvider);
                operation.LastRetryAfter = retryAfter;
                TimeSpan? closed = gate.LeaveRefused(epoch, retryAfter);
                telemetry.Throttled(operation, closed, gate.Rate);
                break;

            default:
                gate.LeaveAccepted();
                break;
        }

        return outcome;
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> turn, HttpOperation operation)
    {
        long start = operation.TimeProvider.GetTimestamp();
        operation.WaitsForItsTurn = true;
        int epoch = await turn.ConfigureAwait(false);

        // Not in a finally block: when the time runs out here, the error says so.
        operation.WaitsForItsTurn = false;
        telemetry.Waited(operation, operation.TimeProvider.GetElapsedTime(start));
        return epoch;
    }
}
