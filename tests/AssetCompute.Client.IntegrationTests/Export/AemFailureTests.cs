using AssetCompute.Client.Tests.Time;
using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for an AEM that is busy, fails, or returns invalid data. There are three attempts, each with up to four requests.</summary>
public sealed class AemFailureTests
{
    private const int CallsPerAttempt = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(401)]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Original_OfAnAemThatIsBusy_IsWaitedForAndNotCounted(int status)
    {
        await using ExportScenario scenario = await StartAsync();
        await scenario.AddAsync("a.txt");
        scenario.Emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Answer(status), calls: 5 * CallsPerAttempt);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(2), async () => await scenario.CountAsync(ExportState.Exported) == 1);

        Assert.Equal(1, (await scenario.WaitForAsync("a.txt", ExportState.Exported)).Attempts);
    }

    [Fact]
    public async Task Metadata_OfAnAemThatDoesNotKnowTheAccount_AreWaitedForAndNothingIsGivenUp()
    {
        await using ExportScenario scenario = await StartAsync();
        await scenario.AddAsync("a.txt");
        scenario.Emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(401), calls: 12);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(10), async () => await scenario.CountAsync(ExportState.Exported) == 1);

        Assert.Empty(await scenario.Inbox.ReadDeadLettersAsync(10, Token));
        Assert.Equal(1, (await scenario.WaitForAsync("a.txt", ExportState.Exported)).Attempts);
    }

    [Fact]
    public async Task Original_OfAnAemWithErrors_FailsAfterAllAttempts()
    {
        await using ExportScenario scenario = await StartAsync();
        await scenario.AddAsync("a.txt");
        scenario.Emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Answer(500), calls: 100);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(1), async () => await scenario.CountAsync(ExportState.Failed) == 1);

        ExportEntry failed = await scenario.WaitForAsync("a.txt", ExportState.Failed);
        Assert.Equal(3, failed.Attempts);
        Assert.Contains("AEM answered 500", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Metadata_RefusedOnceAfterALongTimeOfBeingBusy_AreAskedForAgain(int status)
    {
        await using ExportScenario scenario = await StartAsync();
        await scenario.AddAsync("a.txt");
        scenario.Emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(503), calls: 5 * CallsPerAttempt);
        scenario.Emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(status), calls: status == 500 ? CallsPerAttempt : 1);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(5), async () => await scenario.CountAsync(ExportState.Exported) == 1);

        Assert.Empty(await scenario.Inbox.ReadDeadLettersAsync(10, Token));
        Assert.Equal(0, await scenario.CountAsync(ExportState.Skipped));
    }

    [Fact]
    public async Task Metadata_OfAnAemThatAsksForAShortWaitAgainAndAgain_AreAskedForLessAndLess()
    {
        await using ExportScenario scenario = await StartAsync();
        await scenario.AddAsync("a.txt");
        scenario.Emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(503, TimeSpan.FromSeconds(1)), calls: 10_000);
        DateTimeOffset before = scenario.Clock!.GetUtcNow();

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => Task.FromResult(scenario.Clock.GetUtcNow() - before > TimeSpan.FromMinutes(40)));

        // An event has 1,000 attempts, so there must be only a few per hour.
        Assert.InRange(scenario.Emulator.Calls.Count(EmulatorOperation.AemMetadata), 2 * CallsPerAttempt, 16 * CallsPerAttempt);
    }

    [Fact]
    public async Task AssetThatCannotBeRead_IsAskedForAFewTimesAndThenNotedOnThePage()
    {
        await using ExportScenario scenario = await StartAsync(isFake: false);

        await scenario.TellAsync("/content/dam/unreadable.txt");

        ExportEntry noted = await scenario.WaitForAsync("unreadable.txt", ExportState.Skipped, "");
        Assert.Equal("The asset is no longer in AEM, or the account is not allowed to read it.", noted.Reason);
        Assert.Equal(3, scenario.Emulator.Calls.Count(EmulatorOperation.AemMetadata));
        await scenario.WaitForDecisionsAsync();
        string page = await scenario.Http.GetStringAsync(new Uri(scenario.Url, "exports?state=skipped"), Token);
        Assert.Contains("unreadable.txt", page, StringComparison.Ordinal);
        Assert.Contains("not allowed to read it", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_OfANodeThatIsBehind_AreBelievedOnlyWhenTheyStaySo()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Export:MaxAttempts"] = "10";
        scenario["Export:RetryDelay"] = "00:00:00.200";
        await scenario.StartAsync(ExportMode.Realtime);
        string published = (await scenario.AddAsync("a.txt", content: [2])).Sha1;
        await scenario.AddAsync("a.txt", content: [1]);

        await scenario.TellAsync("/content/dam/a.txt", published);
        await scenario.Emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.AemMetadata, Token);
        await scenario.AddAsync("a.txt", content: [2]);

        await scenario.WaitForAsync("a.txt", ExportState.Exported);
        Assert.Equal([2], await File.ReadAllBytesAsync(scenario.FileOf("a.txt"), Token));
    }

    [Fact]
    public async Task AssetCompute_ThatIsThrottled_IsWaitedForAndNotCounted()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        ScriptedDestination target = new();
        await using ExportScenario scenario = await ExportScenario.CreateAsync(target, clock);
        scenario["AssetCompute:Retry:MaxRetryAttempts"] = "0";
        scenario["RenditionStorage:Type"] = "Emulator";
        scenario["Destinations:scripted:Original"] = "false";
        scenario["Destinations:scripted:Renditions:0:Name"] = "web.png";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.png", "scripted");
        scenario.Emulator.Faults.Next(EmulatorOperation.Process, EmulatorFault.Answer(429, TimeSpan.FromSeconds(20)), calls: 5);

        await scenario.TellAsync("/content/dam/a.png");
        await scenario.AdvanceUntilAsync(TimeSpan.FromSeconds(2), async () => await scenario.CountAsync(ExportState.Exported) == 1);

        Assert.Equal(1, (await scenario.WaitForAsync("a.png", ExportState.Exported, "scripted")).Attempts);
    }

    private static async Task<ExportScenario> StartAsync(bool isFake = true)
    {
        ExportScenario scenario = await ExportScenario.CreateAsync(isFake ? new FakeTimeProvider(DateTimeOffset.UtcNow) : null);
        await scenario.StartAsync(ExportMode.Realtime);
        return scenario;
    }
}
