using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Tests.Journal.Processing;

public sealed class JournalHealthCheckTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly JournalState _state = new();
    private readonly JournalProcessorOptions _options = new() { StalledAfter = TimeSpan.FromMinutes(5) };

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task CheckHealth_NotStarted_IsUnhealthy()
    {
        HealthCheckResult health = await CheckAsync();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("not been read yet", health.Description, StringComparison.Ordinal);
        Assert.Equal(false, health.Data["reader"]);
        Assert.Equal("", health.Data["lastGood"]);
        Assert.Equal("", health.Data["stored"]);
        Assert.Equal("00:00:00", health.Data["lag"]);
    }

    [Fact]
    public async Task CheckHealth_Running_SaysWhereItStands()
    {
        DateTimeOffset start = Now;
        _state.Update(snapshot => snapshot with { IsReader = true, IsBehind = true, LastGood = start.AddSeconds(2), Stored = JournalPosition.After("p:1") });
        _time.Advance(TimeSpan.FromSeconds(10));

        HealthCheckResult health = await CheckAsync();

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Contains("being read", health.Description, StringComparison.Ordinal);
        Assert.Equal(true, health.Data["reader"]);
        Assert.Equal("00:00:08", health.Data["lag"]);
        Assert.Equal("2026-01-01T00:00:02.0000000+00:00", health.Data["lastGood"]);
        Assert.Equal("after:p:1", health.Data["stored"]);
    }

    [Fact]
    public async Task CheckHealth_AnotherProcessReads_IsHealthy()
    {
        _state.Update(snapshot => snapshot with { LastGood = Now });

        HealthCheckResult health = await CheckAsync();

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Contains("Another process", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealth_Ended_SaysWhy()
    {
        DivideByZeroException failure = new();
        _state.Update(snapshot => snapshot with { LastGood = Now, Failure = failure, HasEnded = true });

        HealthCheckResult health = await CheckAsync();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Same(failure, health.Exception);
        Assert.Contains("has ended", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealth_NothingForLong_IsStalledOnlyAfterTheLimit()
    {
        DivideByZeroException failure = new();
        _state.Update(snapshot => snapshot with { LastGood = Now, Failure = failure });

        _time.Advance(_options.StalledAfter);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);

        _time.Advance(TimeSpan.FromTicks(1));
        HealthCheckResult health = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Same(failure, health.Exception);
        Assert.Contains("last read successfully at 2026-01-01T00:00:00", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealth_EntryThatIsAtTheHandlerForTooLong_IsStalled()
    {
        DateTimeOffset start = Now;
        _time.Advance(_options.StalledAfter);
        _state.Update(snapshot => snapshot with { LastGood = Now, OldestOpen = start });
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        Assert.Equal("00:05:00", (await CheckAsync()).Data["lag"]);

        _time.Advance(TimeSpan.FromTicks(1));

        HealthCheckResult health = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("The handler has been working on an entry since 2026-01-01T00:00:00", health.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 10, 10)]
    [InlineData(true, null, 20)]
    [InlineData(false, 10, 10)]
    [InlineData(false, null, 0)]
    public async Task CheckHealth_Lag_CountsFromTheOldestOpenElseTheLastSuccessWhereItIsBehind(bool isBehind, int? openFor, int lag)
    {
        DateTimeOffset now = Now;
        _state.Update(snapshot => snapshot with { IsBehind = isBehind, LastGood = now.AddSeconds(-20), OldestOpen = openFor is { } seconds ? now.AddSeconds(-seconds) : null });

        Assert.Equal(TimeSpan.FromSeconds(lag).ToString("c"), (await CheckAsync()).Data["lag"]);
    }

    private Task<HealthCheckResult> CheckAsync()
    {
        JournalHealthCheck check = new(_state, _options, _time);
        HealthCheckRegistration registration = new("test", check, HealthStatus.Degraded, tags: null);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, TestContext.Current.CancellationToken);
    }
}
