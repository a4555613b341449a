using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for assets that change, lose a destination, or are deleted between planning and export.</summary>
public sealed class StaleDestinationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("folder", ExportState.Scheduled)]
    [InlineData("elsewhere", ExportState.Failed)]
    public async Task PublicationForAnotherDestination_LeavesOutTheFormer(string former, ExportState state)
    {
        await using ExportScenario scenario = await CreateAsync();
        await scenario.AddAsync("a.txt", $"{former},second", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", state, former);

        SetDestination(scenario, "second");
        await scenario.TellAsync("/content/dam/a.txt");

        ExportEntry leftOut = await scenario.WaitForAsync("a.txt", ExportState.Skipped, former);
        Assert.Equal("The metadata no longer names this destination.", leftOut.Reason);
        await scenario.WaitForAsync("a.txt", ExportState.Scheduled, "second");
    }

    [Fact]
    public async Task PublicationWithoutADestination_LeavesOutWhatWasPlanned()
    {
        await using ExportScenario scenario = await CreateAsync();
        await scenario.AddAsync("a.txt", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Scheduled);

        SetDestination(scenario, null);
        await scenario.TellAsync("/content/dam/a.txt");

        await scenario.WaitForAsync("a.txt", ExportState.Skipped);
        await scenario.WaitForAsync("a.txt", ExportState.Skipped, "");
    }

    [Fact]
    public async Task DestinationThatIsTakenAwayBeforeTheBatch_GetsNothing_AndThePageSaysWhy()
    {
        await using ExportScenario scenario = await CreateAsync();
        ExportEntry scheduled = await ScheduleAsync(scenario);

        SetDestination(scenario, "second");
        await BeginAsync(scenario, scheduled);

        ExportEntry leftOut = await scenario.WaitForAsync("a.txt", ExportState.Skipped);
        Assert.Equal(3, leftOut.Attempts);
        Assert.False(File.Exists(scenario.FileOf("a.txt")));
        Assert.Contains("The metadata no longer names this destination.", await scenario.Http.GetStringAsync(new Uri(scenario.Url, "exports?state=skipped"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AssetThatIsDeletedBeforeTheBatch_IsLeftOut()
    {
        await using ExportScenario scenario = await CreateAsync();
        ExportEntry scheduled = await ScheduleAsync(scenario);

        scenario.Emulator.Aem.Delete("/content/dam/a.txt");
        await BeginAsync(scenario, scheduled);

        ExportEntry leftOut = await scenario.WaitForAsync("a.txt", ExportState.Skipped);
        Assert.Contains("no longer in AEM", leftOut.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AssetThatIsChangedBeforeTheBatch_IsNotExportedBeforeItIsPublished()
    {
        await using ExportScenario scenario = await CreateAsync();
        ExportEntry scheduled = await ScheduleAsync(scenario);

        await scenario.AddAsync("a.txt", immediately: "no", content: [1, 2, 3]);
        await BeginAsync(scenario, scheduled);

        ExportEntry leftOut = await scenario.WaitForAsync("a.txt", ExportState.Skipped);
        Assert.Contains("changed in AEM", leftOut.Reason, StringComparison.Ordinal);
        Assert.False(File.Exists(scenario.FileOf("a.txt")));
    }

    private static async Task<ExportScenario> CreateAsync()
    {
        ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:second:Type"] = "Folder";
        scenario["Destinations:second:Path"] = scenario.Exported + "-2";
        await scenario.StartAsync(ExportMode.Realtime);

        // The first batch runs at startup. Later assets wait for the next batch.
        await ExportScenario.WaitAsync(async () => (await scenario.Ledger.DestinationsAsync(Token)).Min(static state => state.NextRunAt) is not null, "there was no first batch");
        return scenario;
    }

    private static async Task<ExportEntry> ScheduleAsync(ExportScenario scenario)
    {
        await scenario.AddAsync("a.txt", immediately: "no");
        await scenario.TellAsync("/content/dam/a.txt");
        return await scenario.WaitForAsync("a.txt", ExportState.Scheduled);
    }

    private static async Task BeginAsync(ExportScenario scenario, ExportEntry scheduled)
    {
        using HttpResponseMessage answer = await scenario.Http.PostAsync(new Uri(scenario.Url, $"exports/{scheduled.Id}/retry"), null, Token);
        Assert.Equal(303, (int)answer.StatusCode);
    }

    private static void SetDestination(ExportScenario scenario, string? destination) =>
        scenario.Emulator.Aem.SetMetadata("/content/dam/a.txt", new() { ["exportDestination"] = destination });
}
