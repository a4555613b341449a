using AssetCompute.Client.Tests.Time;
using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for destinations that stay busy, with a time limit and retries by an operator.</summary>
public sealed class BusyDestinationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DestinationThatStaysBusy_IsAskedLessAndLess_AndFailsInTheEnd()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        ScriptedDestination target = new([.. Enumerable.Repeat(new DestinationBusyException("Too many.", TimeSpan.FromSeconds(30)), 1000)]);
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target, clock);
        scenario["Export:MaxBusyTime"] = "02:00:00";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "scripted");
        await scenario.TellAsync("/content/dam/a.txt");
        await ExportScenario.WaitAsync(() => Task.FromResult(target.Calls == 1), "the destination was not asked");
        DateTimeOffset before = clock.GetUtcNow();

        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(30), async () =>
        {
            // Otherwise, on a slow machine, the clock exceeds the time limits of an attempt in progress.
            await scenario.WaitForCountAsync(ExportState.Exporting, 0);
            return await scenario.CountAsync(ExportState.Failed) == 1;
        });

        // A constant interval of 30 seconds makes 240 calls.
        Assert.InRange(target.Calls, 10, 60);
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.FromHours(2), TimeSpan.FromHours(2.5));
        ExportEntry failed = await scenario.WaitForAsync("a.txt", ExportState.Failed, "scripted");
        Assert.StartsWith("Too many. It has been postponed since", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AemThatAsksForWeeks_HoldsNoExportForLongerThanTheLongestTime()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        await using ExportScenario scenario = await ExportScenario.CreateAsync(clock);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Scheduled);
        scenario.Emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(503, retryAfter: TimeSpan.FromDays(40)), calls: 1000);
        DateTimeOffset before = clock.GetUtcNow();
        Assert.True(await scenario.Ledger.RetryAsync(entry.Id, null, Token));

        while (entry.State != ExportState.Failed)
        {
            await ExportScenario.WaitAsync(
                async () =>
                {
                    entry = (await scenario.Ledger.FindAsync(entry.Id, Token))!;
                    return entry.State == ExportState.Failed || (entry is { State: ExportState.Waiting, BusySince: not null } && entry.DueAt > clock.GetUtcNow());
                },
                "it is not put off");
            if (entry.State == ExportState.Waiting)
            {
                // Sets only the wall clock and wakes the workers, because timers for several days take too long to run.
                clock.SetUtcNow(entry.DueAt + TimeSpan.FromSeconds(1));
                await scenario.Ledger.RetryAsync("nothing", null, Token);
            }
        }

        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.FromDays(3), TimeSpan.FromDays(4));
    }

    [Fact]
    public async Task DestinationThatSaysItIsBusy_GetsNoMoreCallsInItsPause()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        TaskCompletionSource gate = new();
        ScriptedDestination target = new(new DestinationBusyException("Too many.", TimeSpan.FromHours(1))) { Gate = gate.Task };
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target, clock);
        scenario["Destinations:scripted:MaxParallelism"] = "1";
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string name in (string[])["a.txt", "b.txt"])
        {
            await scenario.AddAsync(name, "scripted");
            await scenario.TellAsync($"/content/dam/{name}");
        }

        // One export is in progress. The other one is due, and its worker waits.
        await scenario.WaitForDecisionsAsync();
        await ExportScenario.WaitAsync(() => Task.FromResult(target.Calls == 1), "the destination was not asked");
        gate.SetResult();
        await ExportScenario.WaitAsync(async () => (await scenario.Ledger.RecentAsync(ExportState.Waiting, 2, Token)).Any(entry => entry.Reason is not null), "it is not put off");

        // The export of another asset leaves enough time for an unwanted call.
        await scenario.AddAsync("c.txt");
        await scenario.TellAsync("/content/dam/c.txt");
        await scenario.WaitForAsync("c.txt", ExportState.Exported);
        Assert.Equal(1, target.Calls);

        clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        await scenario.WaitForCountAsync(ExportState.Exported, 3);
        Assert.Equal(3, target.Calls);
    }

    [Fact]
    public async Task Retry_WhileTheDestinationIsLeftAlone_IsMadeAtOnce()
    {
        // The clock doesn't advance, so only the button can end the wait.
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        ScriptedDestination target = new(new DestinationBusyException("Too many.", TimeSpan.FromHours(1)));
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target, clock);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "scripted");
        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry? waiting = null;
        await ExportScenario.WaitAsync(async () => (waiting = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(entry => entry.Reason is not null)) is not null, "it is not put off");

        using HttpResponseMessage answer = await scenario.Http.PostAsync(new Uri(scenario.Url, $"exports/{waiting!.Id}/retry"), null, Token);

        Assert.Equal(303, (int)answer.StatusCode);
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "scripted");
    }

    [Fact]
    public async Task ErrorOfOneAsset_DoesNotHoldUpTheOthers()
    {
        await using BrokenMarketo marketo = await BrokenMarketo.StartAsync();
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        marketo.Configure(scenario);
        await scenario.StartAsync(ExportMode.Realtime);
        marketo.Answers["poison"] = context => context.Response.StatusCode = 500;
        await scenario.AddAsync("poison.txt", "marketo");
        await scenario.TellAsync("/content/dam/poison.txt");
        ExportEntry failed = await scenario.WaitForAsync("poison.txt", ExportState.Failed, "marketo");

        await scenario.AddAsync("good.txt", "marketo");
        await scenario.TellAsync("/content/dam/good.txt");
        await scenario.WaitForAsync("good.txt", ExportState.Exported, "marketo");

        Assert.Equal(3, failed.Attempts);
        Assert.Equal("Marketo answered 500.", failed.Reason);
    }

    [Theory]
    [InlineData(429, null, 30)]
    [InlineData(503, null, 30)]
    [InlineData(503, "90", 90)]
    [InlineData(500, "90", 90)]
    public async Task ServerThatSaysItIsBusy_IsWaitedForAndNotCounted(int status, string? retryAfter, int seconds)
    {
        await using BrokenMarketo marketo = await BrokenMarketo.StartAsync();
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        marketo.Configure(scenario);
        await scenario.StartAsync(ExportMode.Realtime);
        marketo.Answers["a"] = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
        };
        await scenario.AddAsync("a.txt", "marketo");
        await scenario.TellAsync("/content/dam/a.txt");

        ExportEntry? entry = null;
        await ExportScenario.WaitAsync(async () => (entry = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(waiting => waiting.Reason is not null)) is not null, "it is not put off");

        Assert.Equal(0, entry!.Attempts);
        Assert.Equal(seconds, (entry.DueAt - entry.UpdatedAt).TotalSeconds);
        Assert.Equal(entry.UpdatedAt, entry.BusySince);
    }
}
