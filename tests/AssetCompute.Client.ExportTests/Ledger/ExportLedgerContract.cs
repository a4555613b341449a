using AssetCompute.Emulator.Tests;
using AssetExport;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>What the ledger keeps to on either database, with two instances of the application on one.</summary>
public abstract class ExportLedgerContract : IAsyncLifetime
{
    private const string Path = "/content/dam/a.txt";
    private static readonly TimeSpan s_claim = TimeSpan.FromMinutes(1);
    private readonly List<LedgerDatabase> _databases = [];

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected ManualClock Clock { get; } = new();

    private protected ExportLedger First { get; private set; } = null!;

    private protected ExportLedger Second { get; private set; } = null!;

    /// <summary>A further connection to the database of this test.</summary>
    protected abstract Task<LedgerDatabase> OpenAsync();

    public async ValueTask InitializeAsync()
    {
        First = await NewInstanceAsync(Clock);
        Second = await NewInstanceAsync(Clock);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (LedgerDatabase database in _databases)
        {
            await database.DisposeAsync();
        }
    }

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
            "put off" => First.PutOffAsync(second, TimeSpan.FromHours(1), "broken off", PutOffKind.Failed, Cancellation),
            "failed" => First.EndAsync(second, ExportState.Failed, "broken off", Cancellation),
            _ => Task.FromResult(true),
        });
        Clock.Advance(TimeSpan.FromMinutes(5));

        // By then v2 may be at the destination, or a half of it.
        await PlanAsync(Second, "v1");

        if (end == "killed")
        {
            // Its claim has ended, and it is older.
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
        ManualClock behind = new();
        ExportLedger late = await NewInstanceAsync(behind);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await ExportAsync(First, "v1");
        await ExportAsync(late, "v2");

        await PlanAsync(First, "v1");

        Assert.Equal("v1", (await ClaimAsync(First)).Version);
    }

    [Fact]
    public async Task RemoveOld_ContentThatMayBeAtTheDestination_IsRemembered()
    {
        await ExportAsync(First, "v1");
        await PlanAsync(First, "v2");
        await First.EndAsync(await ClaimAsync(First), ExportState.Skipped, "changed", Cancellation);
        Clock.Advance(TimeSpan.FromDays(60));

        await First.RemoveOldAsync(TimeSpan.FromDays(30), Cancellation);
        await PlanAsync(First, "v1");
        ExportEntry again = await ClaimAsync(First);
        await First.CompleteAsync(again, 1, "there", Cancellation);
        await ExportAsync(First, "v3");
        Clock.Advance(TimeSpan.FromDays(60));
        int removed = await First.RemoveOldAsync(TimeSpan.FromDays(30), Cancellation) + await First.RemoveOldAsync(TimeSpan.FromDays(30), Cancellation);

        Assert.Equal("v1", again.Version);
        Assert.Equal(2, removed);
        Assert.Equal(ExportState.Exported, (await FindAsync("v3")).State);
    }

    [Fact]
    public async Task Claim_OfTwoVersionsByTwoInstances_HasOneOfThemUnderWay()
    {
        const int Assets = 40;
        for (int i = 0; i < Assets; i++)
        {
            // As by two instances that have asked AEM at the same time: neither knows of the other's.
            await PlanAsync(First, "v1", $"/content/dam/{i:000}.txt", DateTimeOffset.UnixEpoch);
            await PlanAsync(Second, "v2", $"/content/dam/{i:000}.txt", DateTimeOffset.UnixEpoch);
        }

        ExportLedger[] instances = [First, Second, await NewInstanceAsync(Clock), await NewInstanceAsync(Clock)];
        for (int version = 0; version < 2; version++)
        {
            ExportEntry[][] claimed = await Task.WhenAll(instances.Select(instance => Task.Run(() => ClaimAllAsync(instance))));
            ExportEntry[] all = [.. claimed.SelectMany(static entries => entries)];

            Assert.Equal(Assets, all.Length);
            Assert.Equal(Assets, all.DistinctBy(static entry => entry.Path).Count());
            foreach (ExportEntry entry in all)
            {
                Assert.True(await First.CompleteAsync(entry, 1, "there", Cancellation));
            }
        }

        Assert.Equal(2 * Assets, (await First.CountAsync(Cancellation)).Single().Count);
    }

    [Fact]
    public async Task Claim_ThatHasEnded_IsTakenOverAndTheFormerOwnerChangesNothing()
    {
        await PlanAsync(First, "v1");
        ExportEntry former = await ClaimAsync(First);
        Assert.Null(await Second.ClaimAsync("folder", s_claim, Cancellation));
        Clock.Advance(s_claim);

        ExportEntry taken = await ClaimAsync(Second);

        Assert.Equal(2, taken.Attempts);
        Assert.False(await First.RenewAsync(former, s_claim, Cancellation));
        Assert.False(await First.CompleteAsync(former, 1, "there", Cancellation));
        Assert.True(await Second.CompleteAsync(taken, 1, "there", Cancellation));
    }

    [Fact]
    public async Task ReleaseBatch_ByManyAtTheSameTime_HappensOnce()
    {
        ExportLedger[] instances = [First, Second, await NewInstanceAsync(Clock), await NewInstanceAsync(Clock)];
        Assert.Equal(0, await First.ReleaseBatchAsync(TimeSpan.FromHours(1), 3, Cancellation));
        for (int i = 0; i < 30; i++)
        {
            await First.PlanAsync(new AssetVersion($"/content/dam/{i:00}.txt", "v1", 1, "v1"), [new PlannedExport("folder", ExportState.Scheduled)], Clock.GetUtcNow(), Cancellation);
        }

        for (int run = 1; run <= 5; run++)
        {
            Assert.All(await ReleaseAsync(instances), Assert.Null);
            Clock.Advance(TimeSpan.FromHours(1));

            int?[] released = await ReleaseAsync(instances);

            Assert.Equal(3, Assert.Single(released, static count => count is not null));
            Assert.Equal(30 - (3 * run), (await First.CountAsync(Cancellation)).Single(static count => count.State == ExportState.Scheduled).Count);
        }
    }

    [Fact]
    public async Task LeaveOut_OfWhatIsNotNamed_LeavesTheRestAndWhatIsNewer()
    {
        string[] names = ["a", "ab", "b", "b,a"];
        DateTimeOffset asked = Clock.GetUtcNow();
        await First.PlanAsync(new AssetVersion(Path, "v1", 1, "v1"), [new("a", ExportState.Scheduled), new("ab", ExportState.Waiting), new("b", ExportState.Failed, "x"), new("c", ExportState.Waiting)], asked, Cancellation);
        ExportEntry underWay = (await First.ClaimAsync("c", s_claim, Cancellation))!;
        Clock.Advance(TimeSpan.FromSeconds(1));
        await First.PlanAsync(new AssetVersion(Path, "v2", 1, "v2"), [new("d", ExportState.Waiting)], Clock.GetUtcNow(), Cancellation);

        int left = await Second.LeaveOutAsync(Path, ["b", "x"], "no longer", asked, Cancellation);

        Assert.Equal(2, left);
        Assert.Equal(["a", "ab"], (await First.RecentAsync(ExportState.Skipped, 10, Cancellation)).Select(static entry => entry.Destination).Order());
        Assert.Equal(ExportState.Failed, (await First.FindAsync(ExportLedger.IdOf(Path, "v1", "b"), Cancellation))!.State);
        Assert.Equal(ExportState.Waiting, (await First.FindAsync(ExportLedger.IdOf(Path, "v2", "d"), Cancellation))!.State);
        Assert.True(await First.CompleteAsync(underWay, 1, "there", Cancellation));
    }

    [Fact]
    public async Task PutOff_WhileSomebodyIsBusy_KeepsSinceWhen()
    {
        await PlanAsync(First, "v1");
        DateTimeOffset start = Clock.GetUtcNow();
        for (int i = 0; i < 3; i++)
        {
            await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "busy", PutOffKind.Busy, Cancellation);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "stopped", PutOffKind.Stopped, Cancellation);
        ExportEntry busy = await FindAsync("v1");
        await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "failed", PutOffKind.Failed, Cancellation);
        ExportEntry failed = await FindAsync("v1");

        Assert.Equal((start, 0), (busy.BusySince, busy.Attempts));
        Assert.Equal((null, 1), (failed.BusySince, failed.Attempts));
    }

    [Fact]
    public async Task Retry_OfWhatHasFailed_GoesBeforeWhatWaits()
    {
        await PlanAsync(First, "v1", "/content/dam/failed.txt");
        await First.EndAsync(await ClaimAsync(First), ExportState.Failed, "failed", Cancellation);
        Clock.Advance(-TimeSpan.FromHours(1));
        await PlanAsync(First, "v1", "/content/dam/older.txt");
        Clock.Advance(TimeSpan.FromHours(1));

        Assert.True(await Second.RetryAsync(ExportLedger.IdOf("/content/dam/failed.txt", "v1", "folder"), Cancellation));

        Assert.Equal(Clock.GetUtcNow(), (await First.RecentAsync(ExportState.Waiting, 1, Cancellation)).Single().DueAt);
        Assert.Equal("/content/dam/failed.txt", (await ClaimAsync(First)).Path);
    }

    [Fact]
    public async Task Settle_WithAReasonOfAnyText_IsWrittenDown()
    {
        await PlanAsync(First, "v1");
        string reason = $"\0\ud83d{string.Concat(Enumerable.Repeat("🙂", 1000))}";

        Assert.True(await First.EndAsync(await ClaimAsync(First), ExportState.Failed, reason, Cancellation));

        string? stored = (await FindAsync("v1")).Reason;
        Assert.InRange(stored!.Length, 990, 1000);
        Assert.EndsWith("🙂", stored, StringComparison.Ordinal);
    }

    private protected static async Task<ExportEntry> ClaimAsync(ExportLedger ledger)
    {
        ExportEntry? claimed = await ledger.ClaimAsync("folder", s_claim, Cancellation);
        Assert.NotNull(claimed);
        return claimed;
    }

    private static async Task<ExportEntry[]> ClaimAllAsync(ExportLedger instance)
    {
        List<ExportEntry> all = [];
        while (await instance.ClaimAsync("folder", s_claim, Cancellation) is { } claimed)
        {
            all.Add(claimed);
        }

        return [.. all];
    }

    private protected Task PlanAsync(ExportLedger ledger, string version, string path = Path, DateTimeOffset? asked = null) =>
        ledger.PlanAsync(new AssetVersion(path, version, 1, version), [new PlannedExport("folder", ExportState.Waiting)], asked ?? Clock.GetUtcNow(), Cancellation);

    private protected async Task<ExportLedger> NewInstanceAsync(ManualClock clock)
    {
        LedgerDatabase database = await OpenAsync();
        _databases.Add(database);
        return new ExportLedger(database, clock);
    }

    private async Task ExportAsync(ExportLedger ledger, string version)
    {
        await PlanAsync(ledger, version);
        ExportEntry claimed = await ClaimAsync(ledger);
        Assert.Equal(version, claimed.Version);
        Assert.True(await ledger.CompleteAsync(claimed, 1, "there", Cancellation));
    }

    private async Task<ExportEntry> FindAsync(string version) => (await First.FindAsync(ExportLedger.IdOf(Path, version, "folder"), Cancellation))!;

    private static Task<int?[]> ReleaseAsync(ExportLedger[] instances) =>
        Task.WhenAll(instances.Concat(instances).Select(instance => Task.Run(() => instance.ReleaseBatchAsync(TimeSpan.FromHours(1), 3, Cancellation))));
}
