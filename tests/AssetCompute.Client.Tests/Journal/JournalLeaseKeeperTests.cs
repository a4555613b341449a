using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Jobs;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>A lease is given back although the store does not answer a renewal.</summary>
public sealed class JournalLeaseKeeperTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    private readonly FakeTimeProvider _time = new();
    private readonly HangingStore _store = new();
    private readonly JournalLeaseKeeper _keeper;

    public JournalLeaseKeeperTests() => _keeper = new JournalLeaseKeeper(_store, "journal:relay", "this", Duration, NullLogger.Instance, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryRun_RenewalHangsWhenTheWorkEnds_ReleasesWithATimeLimitOfItsOwn()
    {
        TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> running = _keeper.TryRunAsync((_, _) => work.Task, Cancellation);
        await AdvanceUntilAsync(() => _store.Renewals == 1);

        // The release waits for the renewal first.
        work.SetResult();
        await FakeService.UntilAsync(() => _time.NextTimer == Duration);
        Assert.Empty(_store.Released);
        _time.Advance(Duration);

        Assert.True(await running.WaitAsync(FakeService.Patience, Cancellation));
        Assert.Equal([(1L, false)], _store.Released);
    }

    [Fact]
    public async Task TryRun_RenewalOfAnEarlierLeaseHangs_ReleasesAtOnce()
    {
        Task<bool> first = _keeper.TryRunAsync(static (_, lost) => Task.Delay(Timeout.InfiniteTimeSpan, lost), Cancellation);
        await AdvanceUntilAsync(() => first.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        // The clock stands still.
        Assert.True(await _keeper.TryRunAsync(static (_, _) => Task.CompletedTask, Cancellation).WaitAsync(FakeService.Patience, Cancellation));

        Assert.Equal((2L, false), _store.Released[^1]);
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => FakeService.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(500));
        return condition();
    });

    /// <summary>A store whose renewals never end, not even when they are canceled.</summary>
    private sealed class HangingStore : IJournalRelayStore
    {
        private bool _isHeld;
        private long _fence;
        private int _renewals;

        public int Renewals => Volatile.Read(ref _renewals);

        /// <summary>The fences of the leases that were released, and whether the time limit was over.</summary>
        public List<(long Fence, bool IsCanceled)> Released { get; } = [];

        public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
        {
            if (_isHeld)
            {
                Interlocked.Increment(ref _renewals);
                return new(new TaskCompletionSource<JournalLease?>().Task);
            }

            _isHeld = true;
            return new(new JournalLease(name, owner, ++_fence));
        }

        public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default)
        {
            _isHeld = false;
            Released.Add((lease.Fence, cancellationToken.IsCancellationRequested));
            return default;
        }

        public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
