using AssetExport;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>Tests for operator actions, their history, and name conflicts.</summary>
public abstract partial class ExportLedgerContract
{
    [Fact]
    public async Task Pause_OfADestination_HoldsForAllInstancesUntilItIsResumed()
    {
        await PlanAsync(First, "v1");
        Assert.True(await First.PauseAsync("folder", "somebody", Cancellation));
        Assert.False(await Second.PauseAsync("folder", "another", Cancellation));

        Assert.Null(await Second.ClaimAsync("folder", s_claim, Cancellation));
        DestinationState state = Assert.Single(await Second.DestinationsAsync(Cancellation));
        Assert.Equal(("folder", Clock.GetUtcNow(), "somebody"), (state.Name, state.PausedAt, state.PausedBy));

        Assert.True(await Second.ResumeAsync("folder", "another", Cancellation));
        Assert.False(await Second.ResumeAsync("folder", "another", Cancellation));
        await ClaimAsync(First);
    }

    [Fact]
    public async Task ReleaseBatch_WhileTheDestinationIsPaused_MakesNothingDueAndDoesNotPileUp()
    {
        await First.ReleaseBatchAsync("folder", s_pace, Cancellation);
        for (int i = 0; i < 10; i++)
        {
            await First.PlanAsync(new AssetVersion($"/content/dam/{i}.txt", "v1", 1, "v1"), [new PlannedExport("folder", ExportState.Scheduled)], lastPlan: 0, Cancellation);
        }

        await First.PauseAsync("folder", null, Cancellation);
        for (int run = 0; run < 3; run++)
        {
            Clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(0, (await First.ReleaseBatchAsync("folder", s_pace, Cancellation)).Released);
        }

        await First.ResumeAsync("folder", null, Cancellation);
        Assert.Null((await First.ReleaseBatchAsync("folder", s_pace, Cancellation)).Released);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, (await First.ReleaseBatchAsync("folder", s_pace, Cancellation)).Released);
    }

    [Fact]
    public async Task Skip_OfWhatWaits_IsRememberedWithWhoDidIt()
    {
        await PlanAsync(First, "v1");

        Assert.True(await First.SkipAsync(ExportLedger.IdOf(Path, "v1", "folder"), "somebody", Cancellation));
        Assert.False(await First.SkipAsync(ExportLedger.IdOf(Path, "v1", "folder"), "somebody", Cancellation));

        Assert.Equal((ExportState.Skipped, "Skipped by somebody."), ((await FindAsync("v1")).State, (await FindAsync("v1")).Reason));
        Assert.Equal([("planned", null), ("skipped", "somebody")], (await Second.HistoryAsync(Path, Cancellation)).Select(static entry => (entry.What, entry.By)));
        await PlanAsync(First, "v1");
        Assert.Equal(ExportState.Waiting, (await FindAsync("v1")).State);
    }

    [Fact]
    public async Task History_OfAnAsset_TellsWhatHappenedInItsOrder()
    {
        await First.PlanAsync(new AssetVersion(Path, "v1", 1, "v1"), [new PlannedExport("folder", ExportState.Waiting, Why: "exportDestination is 'folder'")], lastPlan: 0, Cancellation);
        await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "too many", Cancellation, isCounted: false, isBusy: true);
        await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "broken off", Cancellation);
        await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "stopped", Cancellation, isCounted: false);
        await First.CompleteAsync(await ClaimAsync(First), 1, "there", Cancellation);

        IReadOnlyList<HistoryEntry> history = await Second.HistoryAsync(Path, Cancellation);

        Assert.Equal(["planned", "busy", "attempt failed", "exported"], history.Select(static entry => entry.What));
        Assert.Equal(["Waiting: exportDestination is 'folder'", "too many", "broken off", "there, 1 bytes"], history.Select(static entry => entry.Detail));
        Clock.Advance(TimeSpan.FromDays(60));
        await First.RemoveOldAsync(TimeSpan.FromDays(30), Cancellation);
        Assert.Empty(await Second.HistoryAsync(Path, Cancellation));
    }

    [Fact]
    public async Task Search_ByAPartOfPathOrName_FindsWhatHasIt()
    {
        await PlanAsync(First, "v1", "/content/dam/Campaign_1/a.txt");
        await PlanAsync(First, "v1", "/content/dam/campaign-1/a.txt");
        await PlanNamedAsync(First, "/content/dam/other.txt", "100%/renamed.txt");

        Assert.Equal(2, (await First.SearchAsync("CAMPAIGN", null, null, 10, Cancellation)).Count);
        Assert.Single(await First.SearchAsync("campaign_", null, null, 10, Cancellation));
        Assert.Equal("/content/dam/other.txt", Assert.Single(await First.SearchAsync("100%/", null, null, 10, Cancellation)).Path);
        Assert.Empty(await First.SearchAsync("\\", null, null, 10, Cancellation));
    }

    [Fact]
    public async Task Plan_OfANameThatAnotherAssetHolds_FailsTheSecondAndNamesTheFirst()
    {
        await PlanNamedAsync(First, "/content/dam/1/a.txt", "a.txt");
        await PlanNamedAsync(Second, "/content/dam/2/a.txt", "a.txt");

        ExportEntry second = Assert.Single(await First.RecentAsync(ExportState.Failed, 10, Cancellation));
        Assert.Equal("/content/dam/2/a.txt", second.Path);
        Assert.Equal("The name 'a.txt' belongs to '/content/dam/1/a.txt' at 'folder'.", second.Reason);

        // The first asset keeps the name for its next versions. The name is free after the asset is skipped before its export starts.
        await PlanNamedAsync(First, "/content/dam/1/a.txt", "a.txt", "v2");
        Assert.Equal(1, (await First.CountAsync(Cancellation)).Single(static count => count.State == ExportState.Waiting).Count);
        Assert.True(await First.SkipAsync(ExportLedger.IdOf("/content/dam/1/a.txt", "v2", "folder"), null, Cancellation));
        await PlanNamedAsync(Second, "/content/dam/2/a.txt", "a.txt");
        Assert.Equal("/content/dam/2/a.txt", (await ClaimAsync(First)).Path);
    }

    [Fact]
    public async Task Plan_OfOneNameByManyAtTheSameTime_GivesItToOne()
    {
        ExportLedger[] instances = [First, Second, await NewInstanceAsync(Clock), await NewInstanceAsync(Clock)];

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => PlanNamedAsync(instances[i % 4], $"/content/dam/{i}/a.txt", "a.txt"))));

        Assert.Equal([(ExportState.Waiting, 1), (ExportState.Failed, 19)], (await First.CountAsync(Cancellation)).OrderBy(static count => count.State).Select(static count => (count.State, (int)count.Count)));
    }

    [Fact]
    public async Task Plan_OfAnotherName_ExportsTheSameContentAgain()
    {
        await PlanNamedAsync(First, Path, "one.txt");
        await First.CompleteAsync(await ClaimAsync(First), 1, "there", Cancellation);

        await PlanNamedAsync(First, Path, "two.txt");

        Assert.Equal("two.txt", (await ClaimAsync(First)).Name);
    }

    private static async Task PlanNamedAsync(ExportLedger ledger, string path, string name, string version = "v1") =>
        await ledger.PlanAsync(new AssetVersion(path, version, 1, version), [new PlannedExport("folder", ExportState.Waiting, Name: name)], await ledger.LastPlanAsync(Cancellation), Cancellation);
}
