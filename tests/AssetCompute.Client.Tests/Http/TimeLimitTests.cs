using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

/// <summary>The time of a call, on a clock that the test moves, and on the system's where limits are used again.</summary>
public class TimeLimitTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Set_TimeIsUp_EndsTheTokenAndSaysSo()
    {
        using TimeLimit limit = TimeLimit.Of(_time, CancellationToken.None);
        limit.Set(TimeSpan.FromSeconds(3));

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(limit.Token.IsCancellationRequested);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(limit.Token.IsCancellationRequested);
        Assert.True(limit.IsOver);
    }

    [Fact]
    public void Set_Again_RunsFromThatMoment()
    {
        using TimeLimit limit = TimeLimit.Of(_time, CancellationToken.None);
        limit.Set(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(2));
        limit.Set(TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(limit.Token.IsCancellationRequested);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(limit.IsOver);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Set_NothingLeft_EndsAtOnce(double seconds)
    {
        using TimeLimit limit = TimeLimit.Of(_time, CancellationToken.None);
        limit.Set(TimeSpan.FromSeconds(seconds));

        Assert.True(limit.IsOver);
    }

    [Fact]
    public void Of_CallerCancels_EndsTheTokenAndIsNotOver()
    {
        using CancellationTokenSource caller = new();
        using TimeLimit limit = TimeLimit.Of(_time, caller.Token);
        limit.Set(TimeSpan.FromSeconds(3));

        caller.Cancel();

        Assert.True(limit.Token.IsCancellationRequested);
        Assert.False(limit.IsOver);
    }

    [Fact]
    public void Of_CallerHasCancelled_HasEnded()
    {
        using TimeLimit limit = TimeLimit.Of(_time, new CancellationToken(canceled: true));

        Assert.True(limit.Token.IsCancellationRequested);
        Assert.False(limit.IsOver);
    }

    [Fact]
    public void Dispose_TimerStillSet_FiresNoMore()
    {
        TimeLimit limit = TimeLimit.Of(_time, CancellationToken.None);
        limit.Set(TimeSpan.FromSeconds(3));

        limit.Dispose();

        Assert.Equal(0, _time.ActiveTimers);
    }

    /// <summary>Limits of the system's clock serve one call after another: nothing of an earlier one may end a later one.</summary>
    [Fact]
    public void Of_AfterAnotherCall_IsUntouchedByItsCallerAndItsTime()
    {
        using CancellationTokenSource earlier = new();
        for (int i = 0; i < 200; i++)
        {
            TimeLimit first = TimeLimit.Of(TimeProvider.System, earlier.Token);
            first.Set(TimeSpan.FromMilliseconds(50));
            first.Dispose();
        }

        using TimeLimit later = TimeLimit.Of(TimeProvider.System, CancellationToken.None);
        later.Set(TimeSpan.FromMinutes(1));
        earlier.Cancel();

        Assert.False(later.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public void Of_AfterOneThatEnded_HasNotEnded()
    {
        TimeLimit ended = TimeLimit.Of(TimeProvider.System, new CancellationToken(canceled: true));
        ended.Dispose();
        TimeLimit over = TimeLimit.Of(TimeProvider.System, CancellationToken.None);
        over.Set(TimeSpan.Zero);
        over.Dispose();

        TimeLimit[] next = [.. Enumerable.Range(0, 100).Select(static _ => TimeLimit.Of(TimeProvider.System, CancellationToken.None))];

        Assert.DoesNotContain(next, static limit => limit.Token.IsCancellationRequested);
        Assert.All(next, static limit => limit.Dispose());
    }
}
