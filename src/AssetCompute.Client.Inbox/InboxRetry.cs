using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>Calls an inbox until it answers. Every exception counts as transient, because the inbox may be a third party's implementation.</summary>
internal sealed class InboxRetry(ILogger logger, TimeProvider timeProvider)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    /// <summary>Returns a wait that doubles with each failure, with jitter so that callers do not retry at the same time.</summary>
    public static TimeSpan Delay(TimeSpan first, TimeSpan longest, int failures)
    {
        double seconds = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 40)), longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    /// <exception cref="JournalLeaseLostException">The call is refused; a retry would not help.</exception>
    public async ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        for (int failures = 1; ; failures++)
        {
            TimeSpan delay;
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not JournalLeaseLostException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                delay = Delay(s_first, s_longest, failures);
                InboxDiagnostics.InboxFailures.Add(1);
                InboxLog.InboxFailed(logger, failures, RedactedText.Of(exception.Message, 500), delay);
            }

            await Task.Delay(delay, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
