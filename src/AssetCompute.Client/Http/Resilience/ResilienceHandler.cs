using System.Net;
using System.Runtime.ExceptionServices;
using Polly.Timeout;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Lets each request of its HTTP client run as planned, every attempt with a message of its own.</summary>
/// <param name="plan">What holds around the requests.</param>
/// <param name="unmarkedKind">What requests are for that carry no operation; null to let them pass as they are.</param>
/// <param name="buffersBody">
/// Whether the body is read within the attempt, so that a body that breaks off or drips counts as the failure of the attempt that it is.
/// </param>
/// <param name="telemetry">Who is told of retries and waits.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ResilienceHandler(ResiliencePlan plan, OperationKind? unmarkedKind, bool buffersBody, ResilienceTelemetry telemetry, TimeProvider timeProvider) : DelegatingHandler
{
    private RetryPipeline? _retries;

    /// <exception cref="TimeoutException">The time of the attempt, or of all of them, is up.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpOperation? operation = HttpOperation.Of(request);
        if (operation is null)
        {
            if (unmarkedKind is not { } kind)
            {
                return base.SendAsync(request, cancellationToken);
            }

            operation = new HttpOperation(kind, requestId: null, timeProvider);
            operation.AttachTo(request);
        }

        return AttemptAsync(request, operation, isFirst: true, cancellationToken);
    }

    /// <summary>One attempt, and the further ones where it is the first and may be tried again: all that waits for the answer of most calls is this method.</summary>
    /// <exception cref="TimeoutRejectedException">The time of an attempt that is not the first is up.</exception>
    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, HttpOperation operation, bool isFirst, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        Exception? failure = null;
        int? turn = null;
        TimeLimit limit = TimeLimit.Of(timeProvider, cancellationToken);
        try
        {
            TimeSpan time = plan.AttemptTimeout;
            if (plan.Gate is { } gate)
            {
                // Inside the retries, so that a refused call waits here with the others, and outside the time of the attempt, which runs only once it is sent.
                ValueTask<int> entering = gate.EnterAsync(isRetry: operation.Attempts > 0, limit.Token);
                if (entering.IsCompletedSuccessfully)
                {
                    turn = entering.Result;
                }
                else
                {
                    turn = await WaitAsync(entering, operation, limit, isFirst).ConfigureAwait(false);
                    time = isFirst && LeftOf(operation) is { } left && left < time ? left : time;
                }
            }

            limit.Set(time);
            response = await base.SendAsync(RequestCopy.ForAttempt(request), limit.Token).ConfigureAwait(false);
            if (buffersBody)
            {
                ValueTask<BoundedBody> reading = BoundedBody.ReadAsync(response, timeProvider, limit.Token);
                BoundedBody body = reading.IsCompletedSuccessfully ? reading.Result : await reading.AsTask().ConfigureAwait(false);
                response.Content = new BufferedContent(body, response.Content);
            }
        }
        catch (Exception exception)
        {
            response?.Dispose();
            response = null;
            failure = FailureOf(exception, limit, operation, isWaiting: plan.Gate is not null && turn is null);
        }

        limit.Dispose();
        if (turn is { } epoch)
        {
            Leave(response, operation, epoch);
        }

        if (!isFirst)
        {
            return response ?? throw Rethrown(failure!);
        }

        if (plan.Retries is { } rules && !cancellationToken.IsCancellationRequested && rules.ShouldRetry(operation, response, failure))
        {
            return await RetryAsync(rules, request, operation, response, failure, cancellationToken).ConfigureAwait(false);
        }

        return response ?? throw Shown(failure!);
    }

    private async Task<HttpResponseMessage> RetryAsync(
        RetryRules rules, HttpRequestMessage request, HttpOperation operation, HttpResponseMessage? response, Exception? failure, CancellationToken cancellationToken)
    {
        RetryPipeline retries = LazyInitializer.EnsureInitialized(ref _retries, () => new RetryPipeline(rules, telemetry, timeProvider))!;
        using TimeLimit limit = TimeLimit.Of(timeProvider, cancellationToken);
        limit.Set(LeftOf(operation) ?? Timeout.InfiniteTimeSpan);
        try
        {
            return await retries.ContinueAsync(operation, response, failure, token => AttemptAsync(request, operation, isFirst: false, token), limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (limit.IsOver)
        {
            throw Shown(FailureOf(exception, limit, operation, isWaiting: true));
        }
        catch (TimeoutRejectedException exception)
        {
            throw Shown(exception);
        }
    }

    private async Task<int> WaitAsync(ValueTask<int> turn, HttpOperation operation, TimeLimit limit, bool isFirst)
    {
        long start = timeProvider.GetTimestamp();
        operation.WaitsForItsTurn = true;
        if (isFirst && LeftOf(operation) is { } left)
        {
            // Later attempts come with the time of all of them in their token.
            limit.Set(left);
        }

        int epoch = await turn.ConfigureAwait(false);

        // Not in a finally block: when the time runs out here, the error says so.
        operation.WaitsForItsTurn = false;
        telemetry.Waited(operation, timeProvider.GetElapsedTime(start));
        return epoch;
    }

    private void Leave(HttpResponseMessage? response, HttpOperation operation, int epoch)
    {
        switch (response)
        {
            case null:
                plan.Gate!.LeaveFailed();
                break;

            case { StatusCode: (HttpStatusCode)429 }:
                TimeSpan? retryAfter = RetryAfter.Of(response, timeProvider);
                operation.LastRetryAfter = retryAfter;
                TimeSpan? closed = plan.Gate!.LeaveRefused(epoch, retryAfter);
                telemetry.Throttled(operation, closed, plan.Gate.Rate);
                break;

            default:
                plan.Gate!.LeaveAccepted();
                break;
        }
    }

    /// <summary>What is left of the time of all attempts; null where that is not limited.</summary>
    private TimeSpan? LeftOf(HttpOperation operation) => plan.TotalTimeout - operation.Elapsed;

    /// <summary>Why an attempt, or the wait for it, has ended without an answer.</summary>
    private Exception FailureOf(Exception exception, TimeLimit limit, HttpOperation operation, bool isWaiting)
    {
        if (exception is not OperationCanceledException || !limit.IsOver)
        {
            return exception;
        }

        TimeSpan time = plan.TotalTimeout is { } total && (isWaiting || operation.Elapsed >= total) ? total : plan.AttemptTimeout;
        return new TimeoutRejectedException(FormattableString.Invariant($"The time of {time.TotalSeconds:0.#} s is up."), time, exception);
    }

    /// <summary>The engine of the retries is nobody's business outside of it.</summary>
    private static Exception Shown(Exception failure) => failure is TimeoutRejectedException timeout
        ? new TimeoutException(FormattableString.Invariant($"There was no answer within {timeout.Timeout.TotalSeconds:0.#} s."), timeout)
        : Rethrown(failure);

    private static Exception Rethrown(Exception failure)
    {
        ExceptionDispatchInfo.Capture(failure).Throw();
        return failure;
    }
}
