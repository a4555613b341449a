using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Holds a lease, and renews it until it is released. Work under the lease stops when <see cref="Lost"/> is canceled, at the latest when the lease ends by
/// the monotonic clock of this process, whatever the store reports.
/// </summary>
internal sealed class JournalLeaseKeeper(IJournalRelayStore store, JournalLease lease, TimeSpan duration, ILogger logger, TimeProvider timeProvider, CancellationToken stopping) : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly CancellationTokenSource _released = new();
    private Task _renewing = Task.CompletedTask;
    private Task _asking = Task.CompletedTask;

    public JournalLease Lease { get; } = lease;

    /// <summary>Canceled when the lease is lost, or the application stops.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <returns>The lease; null if another instance holds it.</returns>
    public static async ValueTask<JournalLeaseKeeper?> TryTakeAsync(IJournalRelayStore store, string name, string owner, TimeSpan duration, ILogger logger, TimeProvider timeProvider, CancellationToken stopping)
    {
        long asked = timeProvider.GetTimestamp();
        JournalLease? lease = await store.TryAcquireLeaseAsync(name, owner, duration, stopping).ConfigureAwait(false);
        if (lease is null)
        {
            return null;
        }

        JournalLeaseKeeper held = new(store, lease, duration, logger, timeProvider, stopping);
        held._renewing = held.RenewAsync(asked);
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        _released.Cancel();
        await _renewing.ConfigureAwait(false);
        using (_released)
        using (_lost)
        {
            // A store that does not answer must not delay the end: the lease ends by itself.
            using CancellationTokenSource limit = timeProvider.CreateCancellationTokenSource(duration);
            try
            {
                await _asking.WaitAsync(Timeout.InfiniteTimeSpan, timeProvider, limit.Token).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Only the end of the last renewal matters: if the store executed it after the release, it would acquire the lease again.
            }

            try
            {
                await store.ReleaseLeaseAsync(Lease, limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                JournalLog.LeaseNotReleased(logger, Lease.Name, RedactedText.Of(exception.Message, 500));
            }
        }
    }

    /// <param name="held">When the store was asked for the lease: it ends no earlier than its duration after that.</param>
    private async Task RenewAsync(long held)
    {
        TimeSpan wait = TimeSpan.FromTicks(duration.Ticks / 3);
        try
        {
            while (LeftOf(held) is { Ticks: > 0 } left)
            {
                await timeProvider.Delay(wait < left ? wait : left, _released.Token).ConfigureAwait(false);
                long asked = timeProvider.GetTimestamp();
                try
                {
                    // Abandoned when the lease ends: a store may ignore the token.
                    Task<JournalLease?> asking = store.TryAcquireLeaseAsync(Lease.Name, Lease.Owner, duration, _released.Token).AsTask();
                    _asking = asking;
                    JournalLease? renewed = await asking.WaitAsync(LeftOf(held), timeProvider, _released.Token).ConfigureAwait(false);
                    if (renewed != Lease)
                    {
                        // The lease belongs to another instance, or to this one after it had ended: work in progress belongs to the old lease.
                        break;
                    }

                    held = asked;
                }
                catch (Exception exception) when (!_released.IsCancellationRequested)
                {
                    JournalLog.LeaseNotRenewed(logger, Lease.Name, RedactedText.Of(exception.Message, 500));
                }
            }

            _lost.CancelAndLog(logger);
        }
        catch (Exception) when (_released.IsCancellationRequested)
        {
            // Released: the outcome of the last renewal no longer matters.
        }
    }

    private TimeSpan LeftOf(long held) => duration - timeProvider.GetElapsedTime(held) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
