using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>Handles a taken event, renews it meanwhile, and reports its outcome to the inbox.</summary>
internal sealed class InboxDeliveryRun(
    IEventInbox inbox,
    InboxWorkerOptions options,
    Func<InboxDelivery, CancellationToken, ValueTask> handle,
    InboxRetry retry,
    ILogger logger,
    TimeProvider timeProvider)
{
    private const int MaxReasonLength = 1000;

    private static readonly TimeSpan s_lastWord = TimeSpan.FromSeconds(5);

    /// <param name="delivery">The taken event.</param>
    /// <param name="draining">Canceled when the application stops and the drain timeout has passed.</param>
    /// <returns>The outcome; null if the event belongs to another worker by now.</returns>
    public async Task<InboxOutcome?> HandleAsync(InboxDelivery delivery, CancellationToken draining)
    {
        InboxDiagnostics.InboxAge.Record((timeProvider.GetUtcNow() - delivery.ReceivedAt).TotalSeconds);
        if (delivery.Attempt > options.MaxAttempts)
        {
            string last = delivery.LastReason is null ? "" : $" Before that: {delivery.LastReason}";
            return GiveUp(delivery, delivery.Attempt - 1, $"The last attempt ended without an outcome: its process has died, or was cut off from the inbox.{last}");
        }

        using CancellationTokenSource handling = CancellationTokenSource.CreateLinkedTokenSource(draining);
        using CancellationTokenSource handled = new();
        Task<bool> renewing = RenewAsync(delivery, handling, handled.Token);
        Exception? failure = null;
        try
        {
            await handle(delivery, handling.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // An exception of a handler ends its attempt, not the workers.
            failure = exception;
        }

        handled.Cancel();
        if (await renewing.ConfigureAwait(false))
        {
            Lost(delivery);
            return null;
        }

        // An attempt that the shutdown interrupts does not count. Otherwise, the last allowed attempt would become a dead letter at the next start without
        // another try. Many libraries throw other exceptions for a canceled call.
        return failure is null ? InboxOutcome.Completed
            : failure is not InboxRejectException && draining.IsCancellationRequested ? InboxOutcome.Returned
            : OutcomeOf(delivery, failure);
    }

    /// <summary>Reports the outcome to the inbox. While the application runs, it retries without a limit.</summary>
    /// <returns>The next event, if <paramref name="takesNext"/> is true, the event is completed, and the inbox returns one.</returns>
    public async Task<InboxDelivery?> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, bool takesNext, CancellationToken draining)
    {
        int calls = 0;
        try
        {
            // At least one attempt, even if the drain timeout has passed: an unreported event is delivered again only after its visibility timeout. An inbox
            // that does not answer must not delay the shutdown.
            using CancellationTokenSource? lastWord = draining.IsCancellationRequested ? new CancellationTokenSource(s_lastWord, timeProvider) : null;
            InboxCompletion completion = lastWord is not null
                ? await SettleOnceAsync(lastWord.Token).ConfigureAwait(false)
                : await retry.RunAsync(SettleOnceAsync, draining).ConfigureAwait(false);
            if (completion.IsCompleted)
            {
                InboxDiagnostics.InboxHandled.Add(1, new KeyValuePair<string, object?>(InboxDiagnostics.Outcome, NameOf(outcome.Kind)));
            }
            else if (calls > 1)
            {
                // An earlier call failed, perhaps after it had settled the event, so another worker does not have to have it.
                InboxLog.Unconfirmed(logger, delivery.Id, "An earlier call failed.");
            }
            else
            {
                Lost(delivery);
            }

            return completion.Next;
        }
        catch (Exception exception)
        {
            Unconfirmed(delivery, exception);
            return null;
        }

        async ValueTask<InboxCompletion> SettleOnceAsync(CancellationToken token)
        {
            calls++;
            return takesNext && outcome.Kind == InboxOutcomeKind.Completed
                ? await inbox.CompleteAndTakeAsync(delivery, options.VisibilityTimeout, token).ConfigureAwait(false)
                : new InboxCompletion(await inbox.SettleAsync(delivery, outcome, token).ConfigureAwait(false), null);
        }
    }

    /// <returns>True if the event belongs to another worker by now.</returns>
    private async Task<bool> RenewAsync(InboxDelivery delivery, CancellationTokenSource handling, CancellationToken handled)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromTicks(options.VisibilityTimeout.Ticks / 3), timeProvider, handled).ConfigureAwait(false);
                if (!await retry.RunAsync(token => inbox.RenewAsync(delivery, options.VisibilityTimeout, token), handled).ConfigureAwait(false))
                {
                    Cancel(handling, logger);
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (handled.IsCancellationRequested)
        {
            return false;
        }
    }

    private InboxOutcome OutcomeOf(InboxDelivery delivery, Exception exception)
    {
        string reason = RedactedText.Of($"{exception.GetType().Name}: {exception.Message}", MaxReasonLength);
        if (exception is InboxRejectException || delivery.Attempt >= options.MaxAttempts)
        {
            return GiveUp(delivery, delivery.Attempt, exception is InboxRejectException && exception.Message.Length > 0 ? RedactedText.Of(exception.Message, MaxReasonLength) : reason);
        }

        if (exception is InboxRetryException asked)
        {
            string message = RedactedText.Of(asked.Message, MaxReasonLength);
            InboxLog.Postponed(logger, delivery.Id, asked.Delay, delivery.Attempt, message);
            return InboxOutcome.Retry(asked.Delay, reason);
        }

        TimeSpan delay = InboxRetry.Delay(options.RetryDelay, options.MaxRetryDelay, delivery.Attempt);
        InboxLog.Retry(logger, exception, delivery.Attempt, delivery.Id, delay);
        return InboxOutcome.Retry(delay, reason);
    }

    private InboxOutcome GiveUp(InboxDelivery delivery, int attempts, string reason)
    {
        InboxLog.DeadLetter(logger, delivery.Id, attempts, reason);
        return InboxOutcome.DeadLetter(reason);
    }

    private void Lost(InboxDelivery delivery)
    {
        InboxDiagnostics.InboxHandled.Add(1, new KeyValuePair<string, object?>(InboxDiagnostics.Outcome, "lost"));
        InboxLog.Lost(logger, delivery.Id, delivery.Attempt);
    }

    private void Unconfirmed(InboxDelivery delivery, Exception exception)
    {
        if (exception is not OperationCanceledException)
        {
            InboxDiagnostics.InboxFailures.Add(1);
        }

        InboxLog.Unconfirmed(logger, delivery.Id, RedactedText.Of(exception.Message, 500));
    }

    /// <summary>Cancels a token that user code has. Exceptions of its callbacks are logged: from a timer they would end the process.</summary>
    public static void Cancel(CancellationTokenSource source, ILogger logger)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException exception)
        {
            InboxLog.CancellationThrew(logger, exception);
        }
    }

    private static string NameOf(InboxOutcomeKind kind) => kind switch
    {
        InboxOutcomeKind.Completed => "completed",
        InboxOutcomeKind.Retry => "retried",
        InboxOutcomeKind.DeadLetter => "dead_letter",
        _ => "returned",
    };
}
