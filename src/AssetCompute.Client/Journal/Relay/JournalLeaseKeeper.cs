using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>Runs work while this process holds a lease, and renews the lease meanwhile.</summary>
internal sealed class JournalLeaseKeeper(IJournalRelayStore store, string name, string owner, TimeSpan duration, ILogger logger, TimeProvider timeProvider)
{
    /// <summary>Acquires the lease, runs the work, and releases the lease.</summary>
    /// <param name="work">
    /// The work. Its token is canceled when the application stops, or when the lease is lost: at the latest when it ends by the monotonic clock of this
    /// process, whatever the store reports.
    /// </param>
    /// <param name="stopping">Canceled when the application stops.</param>
    /// <returns>False if another instance holds the lease.</returns>
    public async Task<bool> TryRunAsync(Func<JournalLease, CancellationToken, Task> work, CancellationToken stopping)
    {
        long asked = timeProvider.GetTimestamp();
        if (await store.TryAcquireLeaseAsync(name, owner, duration, stopping).ConfigureAwait(false) is not { } lease)
        {
            return false;
        }

        using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using CancellationTokenSource released = new();
        ITimer end = timeProvider.CreateTimer(_ => lost.CancelAndLog(logger), null, LeftOf(asked), Timeout.InfiniteTimeSpan);
        Task renewing = RenewAsync(lease, end, lost, released.Token);
        try
        {
            await work(lease, lost.Token).ConfigureAwait(false);
            return true;
        }
        finally
        {
            released.Cancel();
            await end.DisposeAsync().ConfigureAwait(false);
            await ReleaseAsync(lease, renewing).ConfigureAwait(false);
        }
    }

    /// <param name="lease">The lease.</param>
    /// <param name="end">The timer that ends the work. Each renewal sets it again.</param>
    /// <param name="lost">Canceled when the lease is lost.</param>
    /// <param name="released">Canceled when the work has ended.</param>
    private async Task RenewAsync(JournalLease lease, ITimer end, CancellationTokenSource lost, CancellationToken released)
    {
        try
        {
            while (!lost.IsCancellationRequested)
            {
                await timeProvider.Delay(TimeSpan.FromTicks(duration.Ticks / 3), released).ConfigureAwait(false);
                long asked = timeProvider.GetTimestamp();
                try
                {
                    if (await store.TryAcquireLeaseAsync(name, owner, duration, released).ConfigureAwait(false) == lease)
                    {
                        end.Change(LeftOf(asked), Timeout.InfiniteTimeSpan);
                    }
                    else
                    {
                        // The lease belongs to another instance, or to this one after it had ended: work in progress belongs to the old lease.
                        lost.CancelAndLog(logger);
                    }
                }
                catch (Exception exception) when (!released.IsCancellationRequested)
                {
                    JournalLog.LeaseNotRenewed(logger, name, RedactedText.Of(exception.Message, 500));
                }
            }
        }
        catch (Exception) when (released.IsCancellationRequested)
        {
            // Released: the outcome of the last renewal no longer matters.
        }
    }

    private async Task ReleaseAsync(JournalLease lease, Task renewing)
    {
        try
        {
            // If the store executed the last renewal after the release, it would acquire the lease again.
            await renewing.WaitAsync(duration, timeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A store that does not answer must not delay the end for long: the lease ends by itself.
        }

        using CancellationTokenSource limit = timeProvider.CreateCancellationTokenSource(duration);
        try
        {
            await store.ReleaseLeaseAsync(lease, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            JournalLog.LeaseNotReleased(logger, name, RedactedText.Of(exception.Message, 500));
        }
    }

    /// <summary>The time until a lease ends: no earlier than its duration after the store was asked for it.</summary>
    private TimeSpan LeftOf(long asked) => duration - timeProvider.GetElapsedTime(asked) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
