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
        Task<Task> renewing = RenewAsync(lease, asked, lost, released.Token);
        try
        {
            await work(lease, lost.Token).ConfigureAwait(false);
            return true;
        }
        finally
        {
            released.Cancel();
            Task renewal = await renewing.ConfigureAwait(false);
            await ReleaseAsync(lease, renewal).ConfigureAwait(false);
        }
    }

    /// <param name="lease">The lease.</param>
    /// <param name="held">When the store was asked for the lease: it ends no earlier than its duration after that.</param>
    /// <param name="lost">Canceled when the lease is lost.</param>
    /// <param name="released">Canceled when the work has ended.</param>
    /// <returns>The last renewal, which may be in progress.</returns>
    private async Task<Task> RenewAsync(JournalLease lease, long held, CancellationTokenSource lost, CancellationToken released)
    {
        TimeSpan wait = TimeSpan.FromTicks(duration.Ticks / 3);
        Task<JournalLease?> renewal = Task.FromResult<JournalLease?>(lease);
        try
        {
            while (LeftOf(held) is { Ticks: > 0 } left)
            {
                await timeProvider.Delay(wait < left ? wait : left, released).ConfigureAwait(false);
                long asked = timeProvider.GetTimestamp();
                try
                {
                    // Abandoned when the lease ends: a store may ignore the token.
                    renewal = store.TryAcquireLeaseAsync(name, owner, duration, released).AsTask();
                    if (await renewal.WaitAsync(LeftOf(held), timeProvider, released).ConfigureAwait(false) != lease)
                    {
                        // The lease belongs to another instance, or to this one after it had ended: work in progress belongs to the old lease.
                        break;
                    }

                    held = asked;
                }
                catch (Exception exception) when (!released.IsCancellationRequested)
                {
                    JournalLog.LeaseNotRenewed(logger, name, RedactedText.Of(exception.Message, 500));
                }
            }

            lost.CancelAndLog(logger);
        }
        catch (Exception) when (released.IsCancellationRequested)
        {
            // Released: the outcome of the last renewal no longer matters.
        }

        return renewal;
    }

    private async Task ReleaseAsync(JournalLease lease, Task renewal)
    {
        // A store that does not answer must not delay the end for long: the lease ends by itself.
        try
        {
            await renewal.WaitAsync(duration, timeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Only the end of the last renewal matters: if the store executed it after the release, it would acquire the lease again.
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

    private TimeSpan LeftOf(long held) => duration - timeProvider.GetElapsedTime(held) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
