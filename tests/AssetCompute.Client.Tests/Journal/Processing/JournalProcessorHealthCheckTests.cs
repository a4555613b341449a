using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Tests.Journal.Processing;

public sealed class JournalProcessorHealthCheckTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly JournalState<JournalProcessorSnapshot> _state = new();
    private readonly JournalProcessorOptions _options = new() { StalledAfter = TimeSpan.FromMinutes(5) };

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task CheckHealth_NotStarted_IsUnhealthy()
    {
        HealthCheckResult health = await CheckAsync();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("not started", health.Description, StringComparison.Ordinal);
        Assert.Equal("", health.Data["lastRead"]);
        Assert.Equal("", health.Data["lastHandled"]);
        Assert.Equal("", health.Data["committed"]);
        Assert.Equal("00:00:00", health.Data["lag"]);
    }

    [Fact]
    public async Task CheckHealth_Running_SaysWhereItStands()
    {
        DateTimeOffset start = Now;
        _state.Update(snapshot => snapshot with { StartedAt = start, LastRead = start.AddSeconds(1), LastHandled = start.AddSeconds(2), Committed = JournalPosition.After("p:1") });
        _time.Advance(TimeSpan.FromSeconds(10));

        HealthCheckResult health = await CheckAsync();

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal("00:00:08", health.Data["lag"]);
        Assert.Equal("2026-01-01T00:00:01.0000000+00:00", health.Data["lastRead"]);
        Assert.Equal("2026-01-01T00:00:02.0000000+00:00", health.Data["lastHandled"]);
        Assert.Equal("after:p:1", health.Data["committed"]);
    }

    [Fact]
    public async Task CheckHealth_Ended_SaysWhy()
    {
        DateTimeOffset start = Now;
        DivideByZeroException failure = new();
        _state.Update(snapshot => snapshot with { StartedAt = start, Failure = failure });

        HealthCheckResult health = await CheckAsync();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Same(failure, health.Exception);
        Assert.Contains("has ended", health.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(null, 0, null)]
    [InlineData(0, 0, 0)]
    public async Task CheckHealth_NothingForLong_IsStalledOnlyAfterTheLimit(int? started, int? read, int? handled)
    {
        DateTimeOffset start = Now;
        _state.Update(snapshot => snapshot with { StartedAt = At(started), LastRead = At(read), LastHandled = At(handled) });

        _time.Advance(_options.StalledAfter);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);

        _time.Advance(TimeSpan.FromTicks(1));
        HealthCheckResult health = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("last read well at 2026-01-01T00:00:00", health.Description, StringComparison.Ordinal);

        DateTimeOffset? At(int? seconds) => seconds is { } value ? start.AddSeconds(value) : null;
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(200, 0)]
    public async Task CheckHealth_ReadOrHandledLately_IsHealthyWhicheverCameLast(int read, int handled)
    {
        DateTimeOffset start = Now;
        _state.Update(snapshot => snapshot with { StartedAt = start, LastRead = start.AddSeconds(read), LastHandled = start.AddSeconds(handled) });
        _time.Advance(TimeSpan.FromSeconds(400));

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task CheckHealth_EntryThatIsAtTheHandlerForTooLong_IsStalled()
    {
        DateTimeOffset start = Now;
        _state.OldestOpen = () => start;
        _time.Advance(_options.StalledAfter);
        _state.Update(snapshot => snapshot with { StartedAt = start, LastRead = Now });
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        Assert.Equal("00:05:00", (await CheckAsync()).Data["lag"]);

        _time.Advance(TimeSpan.FromTicks(1));

        HealthCheckResult health = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("with the handler since 2026-01-01T00:00:00", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void LagAt_CountsFromTheOldestOpenElseTheLastHandledElseTheLastEndElseTheStart()
    {
        DateTimeOffset now = Now;
        JournalProcessorSnapshot snapshot = new() { StartedAt = now.AddSeconds(-40), LastCaughtUp = now.AddSeconds(-30), LastHandled = now.AddSeconds(-20) };

        Assert.Equal(10, snapshot.LagAt(now, now.AddSeconds(-10)).TotalSeconds);
        Assert.Equal(20, snapshot.LagAt(now, null).TotalSeconds);
        Assert.Equal(30, (snapshot with { LastHandled = null }).LagAt(now, null).TotalSeconds);
        Assert.Equal(40, (snapshot with { LastHandled = null, LastCaughtUp = null }).LagAt(now, null).TotalSeconds);
        Assert.Equal(0, (snapshot with { IsBehind = false }).LagAt(now, null).TotalSeconds);
        Assert.Equal(10, (snapshot with { IsBehind = false }).LagAt(now, now.AddSeconds(-10)).TotalSeconds);
        Assert.Equal(TimeSpan.Zero, new JournalProcessorSnapshot().LagAt(now, null));
    }

    private Task<HealthCheckResult> CheckAsync()
    {
        JournalProcessorHealthCheck check = new(_state, _options, _time);
        HealthCheckRegistration registration = new("test", check, HealthStatus.Degraded, tags: null);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, TestContext.Current.CancellationToken);
    }
}
