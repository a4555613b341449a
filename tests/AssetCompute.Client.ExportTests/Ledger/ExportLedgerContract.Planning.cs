using AssetCompute.Client.Tests.Time;
using AssetExport;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>Tests for new plans and their effect on earlier plans.</summary>
public abstract partial class ExportLedgerContract
{
    [Theory]
    [InlineData("put off")]
    [InlineData("failed")]
    [InlineData("killed")]
    public async Task Plan_ContentThatComesBackAfterTheExportOfAnotherWasBegun_IsExportedAgain(string end)
    {
        await ExportAsync(First, "v1");
        await PlanAsync(First, "v2");
        ExportEntry second = await ClaimAsync(First);
        await (end switch
        {
            "put off" => First.PutOffAsync(second, TimeSpan.FromHours(1), "broken off", Cancellation),
            "failed" => First.EndAsync(second, ExportState.Failed, "broken off", Cancellation),
            _ => Task.FromResult(true),
        });
        Clock.Advance(TimeSpan.FromMinutes(5));

        // At this point, the destination might contain v2, complete or partial.
        await PlanAsync(Second, "v1");

        if (end == "killed")
        {
            // The v2 export comes first because its claim expired and it is older.
            ExportEntry left = await ClaimAsync(Second);
            Assert.Equal("v2", left.Version);
            await Second.EndAsync(left, ExportState.Skipped, "changed", Cancellation);
        }

        ExportEntry again = await ClaimAsync(Second);
        Assert.Equal("v1", again.Version);
        await Second.CompleteAsync(again, 1, "there", Cancellation);
        Assert.Equal(ExportState.Skipped, (await FindAsync("v2")).State);
        await PlanAsync(Second, "v1");
        Assert.Equal(ExportState.Exported, (await FindAsync("v1")).State);
    }

    [Fact]
    public async Task Plan_ContentThatComesBackBeforeTheExportOfAnotherWasBegun_StaysExported()
    {
        await ExportAsync(First, "v1");
        await PlanAsync(First, "v2");

        await PlanAsync(Second, "v1");

        Assert.Equal(ExportState.Exported, (await FindAsync("v1")).State);
        Assert.Equal(ExportState.Skipped, (await FindAsync("v2")).State);
        Assert.Null(await First.ClaimAsync("folder", s_claim, Cancellation));
    }

    [Fact]
    public async Task Plan_ContentThatComesBack_IsExportedAgainWhateverTheClocksSay()
    {
        FakeTimeProvider behind = new();
        ExportLedger late = await NewInstanceAsync(behind);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await ExportAsync(First, "v1");
        await ExportAsync(late, "v2");

        await PlanAsync(First, "v1");

        Assert.Equal("v1", (await ClaimAsync(First)).Version);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(0)]
    [InlineData(10)]
    public async Task Plan_ByTwoInstancesWhoseClocksDiffer_KeepsTheContentThatAemHadLast(int minutes)
    {
        FakeTimeProvider wrong = new();
        wrong.Advance(TimeSpan.FromMinutes(minutes));
        ExportLedger other = await NewInstanceAsync(wrong);

        // Both instances query AEM: one before the next version is published, and one after.
        long before = await other.LastPlanAsync(Cancellation);
        await PlanAsync(First, "v2");
        await PlanAsync(other, "v1", lastPlan: before);
        Assert.Equal(ExportState.Waiting, (await FindAsync("v2")).State);

        await PlanAsync(other, "v3");
        await PlanAsync(First, "v4");

        Assert.All(await Task.WhenAll(FindAsync("v1"), FindAsync("v2"), FindAsync("v3")), static entry => Assert.Equal(ExportState.Skipped, entry.State));
        Assert.Equal(ExportState.Waiting, (await FindAsync("v4")).State);
    }

    [Fact]
    public async Task Plan_OfWhatIsPlannedAlready_IsNewerThanWhatWasAskedForBefore()
    {
        await PlanAsync(First, "v2");
        long before = await Second.LastPlanAsync(Cancellation);
        await PlanAsync(First, "v2");

        await PlanAsync(Second, "v1", lastPlan: before);
        await Second.LeaveOutAsync(Path, [], "no longer", before, Cancellation);

        Assert.Equal(ExportState.Waiting, (await FindAsync("v2")).State);
    }

    [Fact]
    public async Task Plan_AfterTheLastOneWasOldAndRemoved_IsStillNewerThanIt()
    {
        await First.PlanAsync(new AssetVersion(Path, "v1", 1, "v1"), [new PlannedExport("", ExportState.Skipped, "no destination")], lastPlan: 0, Cancellation);
        Clock.Advance(TimeSpan.FromDays(60));
        long before = await First.LastPlanAsync(Cancellation);

        await First.RemoveOldAsync(TimeSpan.FromDays(30), Cancellation);
        await PlanAsync(First, "v2");

        Assert.True(await First.LastPlanAsync(Cancellation) > before);
    }

    [Fact]
    public async Task Plan_WhereTheNoteOfNoDestinationWasTheLast_IsStillNewerThanIt()
    {
        await First.PlanAsync(new AssetVersion(Path, "v1", 1, "v1"), [new PlannedExport("", ExportState.Skipped, "no destination")], lastPlan: 0, Cancellation);
        long seen = await Second.LastPlanAsync(Cancellation);
        await PlanAsync(First, "v2");

        await PlanAsync(Second, "v1", lastPlan: seen);

        Assert.Equal(ExportState.Waiting, (await FindAsync("v2")).State);
    }

    [Fact]
    public async Task LeaveOut_OfWhatIsNotNamed_LeavesTheRestAndWhatIsNewer()
    {
        string[] names = ["a", "ab", "b", "b,a"];
        await First.PlanAsync(new AssetVersion(Path, "v1", 1, "v1"), [new("a", ExportState.Scheduled), new("ab", ExportState.Waiting), new("b", ExportState.Failed, "x"), new("c", ExportState.Waiting)], lastPlan: 0, Cancellation);
        ExportEntry underWay = (await First.ClaimAsync("c", s_claim, Cancellation))!;
        long lastPlan = await Second.LastPlanAsync(Cancellation);
        await First.PlanAsync(new AssetVersion(Path, "v2", 1, "v2"), [new("d", ExportState.Waiting)], lastPlan, Cancellation);

        int left = await Second.LeaveOutAsync(Path, ["b", "x"], "no longer", lastPlan, Cancellation);

        Assert.Equal(2, left);
        Assert.Equal(["a", "ab"], (await First.RecentAsync(ExportState.Skipped, 10, Cancellation)).Select(static entry => entry.Destination).Order());
        Assert.Equal(ExportState.Failed, (await First.FindAsync(ExportLedger.IdOf(Path, "v1", "b"), Cancellation))!.State);
        Assert.Equal(ExportState.Waiting, (await First.FindAsync(ExportLedger.IdOf(Path, "v2", "d"), Cancellation))!.State);
        Assert.True(await First.CompleteAsync(underWay, 1, "there", Cancellation));
    }
}
