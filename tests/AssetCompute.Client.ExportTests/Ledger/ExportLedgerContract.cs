using AssetCompute.Client.Tests.Time;
using AssetExport;
using Microsoft.Extensions.Configuration;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>The contract of the ledger on both databases, with two application instances that share one database.</summary>
public abstract partial class ExportLedgerContract : IAsyncLifetime
{
    private const string Path = "/content/dam/a.txt";
    private static readonly TimeSpan s_claim = TimeSpan.FromMinutes(1);
    private static readonly Pace s_pace = Pace.Read(new ConfigurationBuilder().AddInMemoryCollection([new("x:MaxPerRun", "3")]).Build().GetSection("x"), new BatchOptions());
    private readonly List<LedgerDatabase> _databases = [];

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Clock { get; } = new();

    private protected ExportLedger First { get; private set; } = null!;

    private protected ExportLedger Second { get; private set; } = null!;

    /// <summary>Opens another connection to the database of this test.</summary>
    private protected abstract Task<LedgerDatabase> OpenAsync();

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
    [InlineData("ALTER TABLE asset_exports DROP COLUMN busy_since")]
    [InlineData("DROP INDEX asset_exports_name; ALTER TABLE asset_exports DROP COLUMN name")]
    [InlineData("ALTER TABLE asset_export_history DROP COLUMN number")]
    public async Task Tables_OfAnEarlierVersion_AreRefusedWithWhatToDo(string undo)
    {
        await using LedgerDatabase earlier = await OpenAsync();
        await earlier.InTransactionAsync(null, transaction => transaction.ExecuteAsync(undo, null), Cancellation);

        await using LedgerDatabase database = await OpenAsync();
        SettingsException refused = await Assert.ThrowsAsync<SettingsException>(() => new ExportLedger(database, Clock).CountAsync(Cancellation));

        Assert.Contains("Database has the ledger of an earlier version", refused.Message, StringComparison.Ordinal);
        Assert.Contains("asset-export reconcile --repair", refused.Message, StringComparison.Ordinal);
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
    public async Task Claim_WhileManyWait_TakesTheOldestAndBeforeItWhatADeadInstanceHad()
    {
        for (int i = 0; i < 5; i++)
        {
            await PlanAsync(First, "v1", $"/content/dam/{i}.txt");
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        ExportEntry dead = await ClaimAsync(First);
        ExportEntry next = await ClaimAsync(Second);
        Clock.Advance(s_claim);
        await First.RenewAsync(next, s_claim, Cancellation);
        ExportEntry taken = await ClaimAsync(Second);

        Assert.Equal(("/content/dam/0.txt", "/content/dam/1.txt"), (dead.Path, next.Path));
        Assert.Equal((dead.Id, dead.Fence + 1), (taken.Id, taken.Fence));
        Assert.Equal("/content/dam/2.txt", (await ClaimAsync(First)).Path);
    }

    [Fact]
    public async Task CompleteAndClaim_WhileAnotherWaits_EndsOneAndStartsTheOther()
    {
        await PlanAsync(First, "v1", "/content/dam/0.txt");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await PlanAsync(First, "v1", "/content/dam/1.txt");
        ExportEntry claimed = await ClaimAsync(First);

        (bool isOwn, ExportEntry? next) = await First.SettleAsync(claimed, new ExportOutcome(ExportState.Exported, Bytes: 1, Location: "there"), s_claim, Cancellation);
        (bool isStillOwn, ExportEntry? none) = await First.SettleAsync(claimed, new ExportOutcome(ExportState.Exported, Bytes: 1, Location: "there"), s_claim, Cancellation);

        Assert.True(isOwn);
        Assert.Equal("/content/dam/1.txt", next?.Path);
        Assert.False(await Second.CompleteAsync(claimed, 1, "there", Cancellation));
        Assert.True(await First.CompleteAsync(next!, 1, "there", Cancellation));
        Assert.False(isStillOwn);
        Assert.Null(none);
    }

    [Fact]
    public async Task Claim_OfTwoVersionsByTwoInstances_HasOneOfThemUnderWay()
    {
        const int Assets = 40;
        for (int i = 0; i < Assets; i++)
        {
            // Simulates two instances that query AEM at the same time. Neither knows the plan of the other.
            await PlanAsync(First, "v1", $"/content/dam/{i:000}.txt", lastPlan: 0);
            await PlanAsync(Second, "v2", $"/content/dam/{i:000}.txt", lastPlan: 0);
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
        Assert.Null((await First.ReleaseBatchAsync("folder", s_pace, Cancellation)).Released);
        for (int i = 0; i < 30; i++)
        {
            await First.PlanAsync(new AssetVersion($"/content/dam/{i:00}.txt", "v1", 1, "v1"), [new PlannedExport("folder", ExportState.Scheduled)], lastPlan: 0, Cancellation);
        }

        for (int run = 1; run <= 5; run++)
        {
            Assert.All(await ReleaseAsync(instances), Assert.Null);
            Clock.Advance((await First.DestinationsAsync(Cancellation)).Single().NextRunAt!.Value - Clock.GetUtcNow());

            int?[] released = await ReleaseAsync(instances);

            Assert.Equal(3, Assert.Single(released, static count => count is not null));
            Assert.Equal(30 - (3 * run), (await First.CountAsync(Cancellation)).Single(static count => count.State == ExportState.Scheduled).Count);
        }
    }

    [Fact]
    public async Task PutOff_WhileSomebodyIsBusy_KeepsSinceWhen()
    {
        await PlanAsync(First, "v1");
        DateTimeOffset start = Clock.GetUtcNow();
        for (int i = 0; i < 3; i++)
        {
            await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "busy", Cancellation, isCounted: false, isBusy: true);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "stopped", Cancellation, isCounted: false);
        ExportEntry busy = await FindAsync("v1");
        await First.PutOffAsync(await ClaimAsync(First), TimeSpan.Zero, "failed", Cancellation);
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

        Assert.True(await Second.RetryAsync(ExportLedger.IdOf("/content/dam/failed.txt", "v1", "folder"), "somebody", Cancellation));

        Assert.Equal("somebody", (await First.HistoryAsync("/content/dam/failed.txt", Cancellation))[^1].By);
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

    /// <param name="ledger">The ledger of the instance.</param>
    /// <param name="version">The content version in AEM.</param>
    /// <param name="path">The path of the asset.</param>
    /// <param name="lastPlan">The last plan at the time of the query to AEM, or null if no other plan was made since.</param>
    private protected static async Task PlanAsync(ExportLedger ledger, string version, string path = Path, long? lastPlan = null) =>
        await ledger.PlanAsync(
            new AssetVersion(path, version, 1, version), [new PlannedExport("folder", ExportState.Waiting)], lastPlan ?? await ledger.LastPlanAsync(Cancellation), Cancellation);

    private protected async Task<ExportLedger> NewInstanceAsync(FakeTimeProvider clock)
    {
        LedgerDatabase database = await OpenAsync();
        _databases.Add(database);
        return new ExportLedger(database, clock);
    }

    private static async Task ExportAsync(ExportLedger ledger, string version)
    {
        await PlanAsync(ledger, version);
        ExportEntry claimed = await ClaimAsync(ledger);
        Assert.Equal(version, claimed.Version);
        Assert.True(await ledger.CompleteAsync(claimed, 1, "there", Cancellation));
    }

    private async Task<ExportEntry> FindAsync(string version) => (await First.FindAsync(ExportLedger.IdOf(Path, version, "folder"), Cancellation))!;

    private static async Task<int?[]> ReleaseAsync(ExportLedger[] instances) =>
        [.. (await Task.WhenAll(instances.Concat(instances).Select(instance => Task.Run(() => instance.ReleaseBatchAsync("folder", s_pace, Cancellation))))).Select(static run => run.Released)];
}
