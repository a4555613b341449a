using AssetCompute.Client.Tests.Time;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the scheduled batch, with a clock that the test advances.</summary>
public sealed class BatchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScheduledAssets_LeaveAtTheirPace_AlsoOverARestart()
    {
        DateTime hour = DateTime.UtcNow.Date.AddHours(DateTime.UtcNow.Hour);
        FakeTimeProvider clock = new(new DateTimeOffset(hour, TimeSpan.Zero));
        await using ExportScenario scenario = await ExportScenario.CreateAsync(clock);
        scenario["Export:Batch:Schedule"] = "0 * * * *";
        scenario["Export:Batch:MaxPerRun"] = "10";
        await scenario.StartAsync(ExportMode.Realtime);
        await ExportScenario.WaitAsync(async () => (await scenario.Ledger.DestinationsAsync(Token)).Min(static state => state.NextRunAt) is not null, "there was no first batch");
        for (int i = 0; i < 25; i++)
        {
            await scenario.AddAsync($"{i:00}.txt", immediately: null);
            await scenario.TellAsync($"/content/dam/{i:00}.txt");
        }

        await scenario.WaitForCountAsync(ExportState.Scheduled, 25);
        DateTimeOffset before = clock.GetUtcNow();

        await scenario.AdvanceUntilAsync(TimeSpan.FromMinutes(1), async () => await scenario.CountAsync(ExportState.Scheduled) < 25, expectedAfter: TimeSpan.FromMinutes(60));
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(64));
        await scenario.WaitForCountAsync(ExportState.Exported, 10);
        Assert.Equal(15, await scenario.CountAsync(ExportState.Scheduled));

        // The time of the next run is stored, so a restart neither runs it early nor skips it.
        DateTimeOffset? next = (await scenario.Ledger.DestinationsAsync(Token)).Min(static state => state.NextRunAt);
        await scenario.StopAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        Assert.Equal(next, (await scenario.Ledger.DestinationsAsync(Token)).Min(static state => state.NextRunAt));
        Assert.Equal(15, await scenario.CountAsync(ExportState.Scheduled));

        await scenario.AdvanceUntilAsync(TimeSpan.FromMinutes(1), async () => await scenario.CountAsync(ExportState.Scheduled) < 15);
        await scenario.WaitForCountAsync(ExportState.Exported, 20);
        await scenario.AdvanceUntilAsync(TimeSpan.FromMinutes(1), async () => await scenario.CountAsync(ExportState.Scheduled) == 0);
        await scenario.WaitForCountAsync(ExportState.Exported, 25);
    }

    [Fact]
    public async Task ScheduledAsset_ThatIsPublishedAgainAsImmediate_LeavesAtOnce()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Scheduled);

        scenario.Emulator.Aem.SetMetadata("/content/dam/a.txt", new() { ["exportImmediately"] = "yes" });
        await scenario.TellAsync("/content/dam/a.txt");

        await scenario.WaitForAsync("a.txt", ExportState.Exported);
    }
}
