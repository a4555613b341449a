namespace AssetCompute.Client.Tests.Time;

public sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Advance_FiresInOrderWithTheClockAtEachMoment()
    {
        DateTimeOffset start = _time.GetUtcNow();
        var fired = new List<(string Name, double Seconds)>();
        using ITimer late = Timer("late", 5);
        using ITimer early = Timer("early", 2);
        using ITimer beyond = Timer("beyond", 20);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([("early", 2), ("late", 5)], fired);
        Assert.Equal(TimeSpan.FromSeconds(10), _time.GetUtcNow() - start);
        Assert.Equal(TimeSpan.FromSeconds(10), _time.NextTimer);

        ITimer Timer(string name, int seconds) => _time.CreateTimer(
            _ => fired.Add((name, (_time.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Advance_OfATimerWithAPeriod_FiresUntilItIsDisposed()
    {
        int fired = 0;
        ITimer timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, fired);

        timer.Dispose();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, fired);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task WaitForTimers_MeetsTheCodeAtItsDelay()
    {
        Task waiting = Task.Run(() => Task.Delay(TimeSpan.FromHours(1), _time, Cancellation), Cancellation);
        await _time.WaitForTimersAsync(cancellationToken: Cancellation);
        Assert.False(waiting.IsCompleted);

        Assert.True(_time.AdvanceToNextTimer());
        await waiting;
        Assert.False(_time.AdvanceToNextTimer());
    }

    [Fact]
    public void SetUtcNow_LeavesTimersAndTimestampsAlone()
    {
        long timestamp = _time.GetTimestamp();
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);

        _time.SetUtcNow(_time.GetUtcNow().AddDays(-3));

        Assert.Equal(TimeSpan.Zero, _time.GetElapsedTime(timestamp));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(source.IsCancellationRequested);
    }
}
