using AssetCompute.Client.Tests.Time;
using AssetExport;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for destinations that stop responding and destinations that are only slow.</summary>
public sealed class StalledTransferTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TransferInWhichNothingMoves_IsEndedAndCounted()
    {
        ScriptedDestination target = new() { Gate = new TaskCompletionSource().Task };
        await using ExportScenario scenario = await StartAsync(target);
        await ExportScenario.WaitAsync(() => Task.FromResult(target.Calls == 1), "it did not begin");

        scenario.Clock!.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(1, await scenario.CountAsync(ExportState.Exporting));
        scenario.Clock.Advance(TimeSpan.FromMinutes(1));
        ExportEntry ended = await scenario.WaitForAsync("a.bin", ExportState.Waiting, "scripted");

        Assert.Equal("The transfer made no progress for 00:15:00, so it was stopped.", ended.Reason);
        Assert.Equal(1, ended.Attempts);
        target.Gate = null;
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(1), async () => await scenario.CountAsync(ExportState.Exported) == 1);
    }

    [Fact]
    public async Task TransferThatIsOnlySlow_GoesOn()
    {
        SlowDestination target = new();
        await using ExportScenario scenario = await StartAsync(target);
        for (int read = 1; read <= 4; read++)
        {
            await target.Read.WaitAsync(Token);
            scenario.Clock!.Advance(TimeSpan.FromMinutes(10));
            target.GoOn.Release();
        }

        Assert.Equal(1, (await scenario.WaitForAsync("a.bin", ExportState.Exported, "scripted")).Attempts);
    }

    private static async Task<ExportScenario> StartAsync(IExportDestination target)
    {
        ExportScenario scenario = await ExportScenario.CreateAsync(
            new FakeTimeProvider(DateTimeOffset.UtcNow), services => services.AddExportDestination("Scripted", (_, _) => target));
        scenario["Destinations:scripted:Type"] = "Scripted";

        // A long claim doesn't expire when the test advances the clock.
        scenario["Export:ClaimDuration"] = "1.00:00:00";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.bin", "scripted");
        await scenario.TellAsync("/content/dam/a.bin");
        return scenario;
    }

    /// <summary>Reads the 2,000 bytes in four parts and waits for the test after each part.</summary>
    private sealed class SlowDestination : IExportDestination
    {
        public SemaphoreSlim Read { get; } = new(0);

        public SemaphoreSlim GoOn { get; } = new(0);

        public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
        {
            await using Stream content = await item.OpenReadAsync(cancellationToken);
            for (int part = 0; part < 4; part++)
            {
                await content.ReadExactlyAsync(new byte[500], cancellationToken);
                Read.Release();
                await GoOn.WaitAsync(cancellationToken);
            }

            return new ExportReceipt(item.Name);
        }

        public Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult<StoredExport?>(null);
    }
}
