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
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _end;
    private readonly Task _renewing;

    private JournalLeaseKeeper(IJournalRelayStore store, JournalLease lease, TimeSpan duration, TimeSpan left, ILogger logger, TimeProvider timeProvider, CancellationToken stopping)
    {
        _store = store;
        _duration = duration;
        _logger = logger;
        _timeProvider = timeProvider;
        Lease = lease;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Lost = _lost.Token;
        _end = timeProvider.CreateTimer(_ => TimerCancellation.Cancel(_lost, logger), state: null, left, Timeout.InfiniteTimeSpan);
        _renewing = RenewAsync();
    }

    public JournalLease Lease { get; }

    /// <summary>Canceled when the lease is lost, or the application stops.</summary>
    public CancellationToken Lost { get; }

    /// <returns>The lease; null if another instance holds it.</returns>
    public static async ValueTask<JournalLeaseKeeper?> TryTakeAsync(IJournalRelayStore store, string name, string owner, TimeSpan duration, ILogger logger, TimeProvider timeProvider, CancellationToken stopping)
    {
        long asked = timeProvider.GetTimestamp();
        JournalLease? lease = await store.TryAcquireLeaseAsync(name, owner, duration, stopping).ConfigureAwait(false);
        TimeSpan left = duration - timeProvider.GetElapsedTime(asked);
        return lease is null ? null : new JournalLeaseKeeper(store, lease, duration, left > TimeSpan.Zero ? left : TimeSpan.Zero, logger, timeProvider, stopping);
    }

    public async ValueTask DisposeAsync()
    {
        _ended.Cancel();
        await _renewing.ConfigureAwait(false);
        await _end.DisposeAsync().ConfigureAwait(false);
        using (_ended)
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

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await _timeProvider.Delay(TimeSpan.FromTicks(_duration.Ticks / 3), _ended.Token).ConfigureAwait(false);
                long asked = _timeProvider.GetTimestamp();
                try
                {
                    JournalLease? renewed = await _store.TryAcquireLeaseAsync(Lease.Name, Lease.Owner, _duration, _ended.Token).ConfigureAwait(false);
                    if (renewed != Lease)
                    {
                        // The lease belongs to another instance, or to this one after it had ended: work in progress belongs to the old lease.
                        TimerCancellation.Cancel(_lost, _logger);
                        return;
                    }

                    TimeSpan left = _duration - _timeProvider.GetElapsedTime(asked);
                    _end.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                }
                catch (Exception exception) when (!_ended.IsCancellationRequested)
                {
                    JournalLog.LeaseNotRenewed(_logger, Lease.Name, RedactedText.Of(exception.Message, 500));
                }
            }
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            // Released: the outcome of the last renewal no longer matters.
        }
    }
}
