using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Holds a lease, and renews it until it is released. Work under the lease stops when <see cref="Lost"/> is canceled, at the latest when the lease ends by
/// the monotonic clock of this process, whatever the store reports.
/// </summary>
internal sealed class JournalLeaseKeeper : IAsyncDisposable
{
    private readonly IJournalRelayStore _store;
    private readonly TimeSpan _duration;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _released = new();
    private readonly Task _renewing;

    private JournalLeaseKeeper(IJournalRelayStore store, JournalLease lease, TimeSpan duration, long asked, ILogger logger, TimeProvider timeProvider, CancellationToken stopping)
    {
        _store = store;
        _duration = duration;
        _logger = logger;
        _timeProvider = timeProvider;
        Lease = lease;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Lost = _lost.Token;
        _renewing = RenewAsync(asked);
    }

    public JournalLease Lease { get; }

    /// <summary>Canceled when the lease is lost, or the application stops.</summary>
    public CancellationToken Lost { get; }

    /// <returns>The lease; null if another instance holds it.</returns>
    public static async ValueTask<JournalLeaseKeeper?> TryTakeAsync(IJournalRelayStore store, string name, string owner, TimeSpan duration, ILogger logger, TimeProvider timeProvider, CancellationToken stopping)
    {
        long asked = timeProvider.GetTimestamp();
        JournalLease? lease = await store.TryAcquireLeaseAsync(name, owner, duration, stopping).ConfigureAwait(false);
        return lease is null ? null : new JournalLeaseKeeper(store, lease, duration, asked, logger, timeProvider, stopping);
    }

    public async ValueTask DisposeAsync()
    {
        _released.Cancel();
        await _renewing.ConfigureAwait(false);
        using (_released)
        using (_lost)
        {
            // A store that does not answer must not delay the end: the lease ends by itself.
            using CancellationTokenSource limit = _timeProvider.CreateCancellationTokenSource(_duration);
            try
            {
                await _store.ReleaseLeaseAsync(Lease, limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                JournalLog.LeaseNotReleased(_logger, Lease.Name, RedactedText.Of(exception.Message, 500));
            }
        }
    }

    /// <param name="held">When the store was asked for the lease: it ends no earlier than its duration after that.</param>
    private async Task RenewAsync(long held)
    {
        TimeSpan wait = TimeSpan.FromTicks(_duration.Ticks / 3);
        try
        {
            while (LeftOf(held) is { Ticks: > 0 } left)
            {
                await _timeProvider.Delay(wait < left ? wait : left, _released.Token).ConfigureAwait(false);
                long asked = _timeProvider.GetTimestamp();
                try
                {
                    // Abandoned when the lease ends: a store may ignore the token.
                    JournalLease? renewed = await _store.TryAcquireLeaseAsync(Lease.Name, Lease.Owner, _duration, _released.Token).AsTask()
                        .WaitAsync(LeftOf(held), _timeProvider, _released.Token).ConfigureAwait(false);
                    if (renewed != Lease)
                    {
                        // The lease belongs to another instance, or to this one after it had ended: work in progress belongs to the old lease.
                        break;
                    }

                    held = asked;
                }
                catch (Exception exception) when (!_released.IsCancellationRequested)
                {
                    JournalLog.LeaseNotRenewed(_logger, Lease.Name, RedactedText.Of(exception.Message, 500));
                }
            }

            _lost.CancelAndLog(_logger);
        }
        catch (Exception) when (_released.IsCancellationRequested)
        {
            // Released: the outcome of the last renewal no longer matters.
        }
    }

    private TimeSpan LeftOf(long held) => _duration - _timeProvider.GetElapsedTime(held) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
