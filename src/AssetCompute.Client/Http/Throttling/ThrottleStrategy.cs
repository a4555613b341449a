using System.Net;
using AssetCompute.Client.Http.Resilience;
using Polly;

namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// Lets a request leave when it is its turn, and learns from what becomes of it. One for all callers of an account. It stands inside the retries, so that a refused call
/// waits here with the others, and outside the time of the attempt, which begins once the request leaves.
/// </summary>
internal sealed class ThrottleStrategy : ResilienceStrategy<HttpResponseMessage>, IDisposable
{
    private readonly ThrottleLaw _law;
    private readonly ThrottleQueue _queue;
    private readonly TimeProvider _timeProvider;
    private readonly ResilienceTelemetry _telemetry;

    /// <param name="throttling">Whether to learn, and how many requests may be under way.</param>
    /// <param name="retry">How waits are bounded and whether they vary.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="telemetry">Is told of waits and refusals.</param>
    /// <param name="random">Numbers from 0 to 1, asked for by one thread at a time. Default: by chance.</param>
    public ThrottleStrategy(
        AssetComputeThrottlingOptions throttling, AssetComputeRetryOptions retry, TimeProvider timeProvider, ResilienceTelemetry telemetry, Func<double>? random = null)
    {
        _law = new ThrottleLaw(throttling, retry, random ?? Backoff.NextDouble);
        _queue = new ThrottleQueue(_law, timeProvider);
        _timeProvider = timeProvider;
        _telemetry = telemetry;
    }

    /// <summary>Requests under way.</summary>
    public int InFlight => _law.InFlight;

    public void Dispose() => _queue.Dispose();

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

        // Not in a finally block: when the time runs out before, the error says that the call waited.
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

    private ValueTask<int> EnterAsync(HttpOperation operation, CancellationToken cancellationToken)
    {
        ValueTask<int> entering = _queue.EnterAsync(comesBack: operation.Attempts > 0, cancellationToken);
        return entering.IsCompleted ? entering : WaitAsync(entering, operation);
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> entering, HttpOperation operation)
    {
        long start = _timeProvider.GetTimestamp();
        operation.WaitsForItsTurn = true;
        int epoch = await entering.ConfigureAwait(false);
        _telemetry.Waited(operation, _timeProvider.GetElapsedTime(start));
        return epoch;
    }

    /// <summary>Tells the law what became of a request.</summary>
    /// <param name="response">The answer; null where none came.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="epoch">The epoch in which the request left.</param>
    /// <param name="sentAgain">How many further requests were sent meanwhile, such as one with a renewed token after 401.</param>
    private void Leave(HttpResponseMessage? response, HttpOperation operation, int epoch, int sentAgain)
    {
        bool isRefused = response?.StatusCode is (HttpStatusCode)429;
        TimeSpan? retryAfter = isRefused ? RetryAfter.Of(response!, _timeProvider) : null;
        (double? Pause, double? Rate, int Places) learned = default;
        _queue.Tell(now =>
        {
            for (int time = 0; time < sentAgain; time++)
            {
                _law.SentAgain(now);
            }

            if (isRefused)
            {
                learned = (_law.Refused(now, epoch, retryAfter), _law.Rate, _law.Places);
            }
            else if (PassedTheLimit(response))
            {
                _law.Succeeded(now, epoch);
            }
            else
            {
                _law.Failed(epoch);
            }
        });

        if (isRefused)
        {
            _telemetry.Throttled(operation, learned.Pause, learned.Rate, learned.Places);
        }
    }

    /// <summary>Whether the answer is one of the service. After others it is not known: the gateway answered before the limit, or the service failed.</summary>
    private static bool PassedTheLimit(HttpResponseMessage? response) => response?.StatusCode
        is not (null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError);
}
