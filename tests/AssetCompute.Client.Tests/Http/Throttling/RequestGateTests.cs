using AssetCompute.Client.Http.Throttling;
using AssetCompute.Client.Tests.Jobs;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http.Throttling;

public sealed class RequestGateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RequestGate _gate;

    public RequestGateTests() => _gate = NewGate();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task EnterAsync_closed_gate_lets_callers_through_in_order_with_retried_ones_ahead()
    {
        await CloseAsync(TimeSpan.FromSeconds(1));
        List<string> order = [];
        Task first = EnterAsync("first", isRetry: false);
        Task second = EnterAsync("second", isRetry: false);
        Task retried = EnterAsync("retried", isRetry: true);
        Task third = EnterAsync("third", isRetry: false);

        foreach (Task next in (Task[])[retried, first, second, third])
        {
            Assert.False(next.IsCompleted);
            _time.AdvanceToNextTimer();
            await next.WaitAsync(FakeService.Patience, Cancellation);
        }

        Assert.Equal(["retried", "first", "second", "third"], order);

        async Task EnterAsync(string name, bool isRetry)
        {
            await _gate.EnterAsync(isRetry, Cancellation);
            order.Add(name);
        }
    }

    [Fact]
    public async Task EnterAsync_cancelled_while_waiting_throws_at_once_and_gives_its_place_away()
    {
        using CancellationTokenSource cancellation = new();
        await CloseAsync(TimeSpan.FromSeconds(60));
        Task<int> cancelled = _gate.EnterAsync(isRetry: false, cancellation.Token).AsTask();
        Task<int> next = _gate.EnterAsync(isRetry: false, Cancellation).AsTask();

        await cancellation.CancelAsync();

        // The clock stands still meanwhile.
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(FakeService.Patience, Cancellation));
        Assert.Equal(cancellation.Token, exception.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(60));
        await next.WaitAsync(FakeService.Patience, Cancellation);
    }

    [Fact]
    public async Task EnterAsync_cancelled_beforehand_throws()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gate.EnterAsync(isRetry: false, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public async Task EnterAsync_timer_keeps_nothing_of_the_call_that_set_it()
    {
        AsyncLocal<string?> ambient = new();
        ContextTime time = new(() => ambient.Value);
        using RequestGate gate = new(new AdmissionPlan(new(), new()), time);
        gate.LeaveRefused(await gate.EnterAsync(isRetry: false, Cancellation), TimeSpan.FromMilliseconds(1));
        ambient.Value = "of the caller";

        await gate.EnterAsync(isRetry: false, Cancellation).AsTask().WaitAsync(FakeService.Patience, Cancellation);

        Assert.Equal([null], time.Seen);
        Assert.Equal("of the caller", ambient.Value);
    }

    [Fact]
    public async Task EnterAsync_most_in_flight_reached_waits_for_an_answer()
    {
        using RequestGate gate = NewGate(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 1 });
        await gate.EnterAsync(isRetry: false, Cancellation);
        Task<int> second = gate.EnterAsync(isRetry: false, Cancellation).AsTask();
        Assert.False(second.IsCompleted);

        gate.LeaveFailed();

        await second.WaitAsync(FakeService.Patience, Cancellation);
    }

    [Fact]
    public async Task Dispose_ends_the_waits()
    {
        await CloseAsync(TimeSpan.FromSeconds(60));
        Task<int> waiting = _gate.EnterAsync(isRetry: false, Cancellation).AsTask();

        _gate.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _gate.EnterAsync(isRetry: false, Cancellation).AsTask());
    }

    [Fact]
    public async Task EnterAsync_never_throttled_allocates_nothing()
    {
        using RequestGate gate = new(new AdmissionPlan(new(), new()), TimeProvider.System);
        await PassAsync(gate);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int time = 0; time < 1000; time++)
        {
            ValueTask<int> turn = gate.EnterAsync(isRetry: false, Cancellation);
            Assert.True(turn.IsCompletedSuccessfully);
            gate.LeaveAccepted();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task EnterAsync_many_threads_each_passes_once()
    {
        using RequestGate gate = new(new AdmissionPlan(new AssetComputeThrottlingOptions { MaxConcurrentRequests = 3 }, new()), TimeProvider.System);
        int inFlight = 0;
        int most = 0;
        int passed = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(caller => Task.Run(async () =>
        {
            for (int time = 0; time < 20; time++)
            {
                await gate.EnterAsync(isRetry: caller % 2 == 0, Cancellation);
                int now = Interlocked.Increment(ref inFlight);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inFlight);
                Interlocked.Increment(ref passed);
                gate.LeaveAccepted();
            }
        }, Cancellation)));

        Assert.Equal(1000, passed);
        Assert.InRange(most, 1, 3);
    }

    /// <summary>The system's clock, noting in which context its timers fire first.</summary>
    private sealed class ContextTime(Func<string?> ambient) : TimeProvider
    {
        public List<string?> Seen { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            seen =>
            {
                if (Seen.Count == 0)
                {
                    Seen.Add(ambient());
                }

                callback(seen);
            },
            state,
            dueTime,
            period);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private static async Task PassAsync(RequestGate gate)
    {
        await gate.EnterAsync(isRetry: false, Cancellation);
        gate.LeaveAccepted();
    }

    private RequestGate NewGate(AssetComputeThrottlingOptions? throttling = null) => new(new AdmissionPlan(throttling ?? new(), new AssetComputeRetryOptions { UseJitter = false }), _time);

    private async Task CloseAsync(TimeSpan wait) => _gate.LeaveRefused(await _gate.EnterAsync(isRetry: false, Cancellation), wait);
}
