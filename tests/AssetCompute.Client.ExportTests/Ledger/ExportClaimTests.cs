using AssetCompute.Client.Tests.Time;
using AssetExport;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>Tests that work under a claim ends before another instance can claim it, even when the PostgreSQL database hangs.</summary>
public sealed class ExportClaimTests(ExportServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new();
    private string _connectionString = null!;
    private NpgsqlDataSource _source = null!;
    private LedgerDatabase _database = null!;
    private ExportLedger _ledger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await servers.PostgreSqlAsync();
        _source = LedgerDatabase.CreateSource(_connectionString);
        _database = LedgerDatabase.OnPostgreSql(_source);
        _ledger = new ExportLedger(_database, _clock);
        await _ledger.PlanAsync(new AssetVersion("/content/dam/a.txt", "v1", 1, "v1"), [new PlannedExport("folder", ExportState.Waiting)], await _ledger.LastPlanAsync(Cancellation), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Fact(Timeout = 1800_000)]
    public async Task Lost_WhileTheClaimIsRenewed_IsNotCancelled()
    {
        (ExportEntry export, ExportClaim claim) = await ClaimAsync();
        await using (claim)
        {
            for (int i = 0; i < 6; i++)
            {
                long until = await UntilAsync();
                _clock.Advance(s_duration / 3);
                while (await UntilAsync() == until)
                {
                    await Task.Delay(10, Cancellation);
                }

                // The renewal is stored. The clock must not advance before the claim receives the result.
                await WaitForTimersAsync(2);
            }

            Assert.False(claim.Lost.IsCancellationRequested);
        }

        Assert.True(await _ledger.CompleteAsync(export, 1, "there", Cancellation));
    }

    [Fact(Timeout = 1800_000)]
    public async Task Lost_WhenTheDatabaseHangs_IsCancelledWhileNobodyElseCanHaveTheExport()
    {
        (ExportEntry export, ExportClaim claim) = await ClaimAsync();
        await using NpgsqlConnection other = await _source.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync(Cancellation);
        await using NpgsqlCommand hold = new("SELECT id FROM asset_exports FOR UPDATE", other, transaction);
        await hold.ExecuteScalarAsync(Cancellation);
        await using (claim)
        {
            _clock.Advance(s_duration / 3);
            Assert.False(claim.Lost.IsCancellationRequested);
            _clock.Advance(s_duration / 3);

            Assert.True(claim.Lost.IsCancellationRequested);
        }

        await transaction.RollbackAsync(Cancellation);
        Assert.Null(await _ledger.ClaimAsync("folder", s_duration, Cancellation));
        _clock.Advance(s_duration / 3);
        Assert.Equal(export.Id, (await _ledger.ClaimAsync("folder", s_duration, Cancellation))?.Id);
    }

    [Fact(Timeout = 1800_000)]
    public async Task Lost_WhenAnotherInstanceHasTheExport_IsCancelledAtTheNextRenewal()
    {
        ExportEntry export = (await _ledger.ClaimAsync("folder", s_duration, Cancellation))!;
        _clock.Advance(s_duration);
        Assert.NotNull(await _ledger.ClaimAsync("folder", s_duration, Cancellation));

        // Simulates a machine that was suspended while its monotonic clock was stopped.
        await using ExportClaim claim = new(_ledger, export, _clock.GetTimestamp(), s_duration, _clock, NullLogger.Instance, Cancellation);
        _clock.Advance(s_duration / 3);
        while (!claim.Lost.IsCancellationRequested)
        {
            await Task.Delay(10, Cancellation);
        }
    }

    [Fact(Timeout = 1800_000)]
    public async Task Lost_WhenAnotherInstanceTurnsToAnotherVersion_IsCancelledAtTheNextRenewal()
    {
        ExportEntry export = (await _ledger.ClaimAsync("folder", s_duration, Cancellation))!;
        await _ledger.PlanAsync(new AssetVersion(export.Path, "v2", 1, "v2"), [new PlannedExport("folder", ExportState.Waiting)], await _ledger.LastPlanAsync(Cancellation), Cancellation);
        Assert.True(await _ledger.RetryAsync(ExportLedger.IdOf(export.Path, "v2", "folder"), null, Cancellation));
        _clock.Advance(s_duration);

        // A started export is claimed before a newer version, even an urgent one, so the former owner loses its claim.
        ExportEntry? taken = await _ledger.ClaimAsync("folder", s_duration, Cancellation);
        await using ExportClaim claim = new(_ledger, export, _clock.GetTimestamp(), s_duration, _clock, NullLogger.Instance, Cancellation);
        _clock.Advance(s_duration / 3);
        while (!claim.Lost.IsCancellationRequested)
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.Equal("v1", taken?.Version);
        Assert.True(await _ledger.EndAsync(taken!, ExportState.Skipped, "changed", Cancellation));
        Assert.Equal("v2", (await _ledger.ClaimAsync("folder", s_duration, Cancellation))?.Version);
    }

    [Fact(Timeout = 1800_000)]
    public async Task Claim_CancelledWhileTheServerCommits_IsHadAndNotLeftLying()
    {
        // The commit waits until this test releases a lock.
        await using NpgsqlConnection other = await _source.OpenConnectionAsync(Cancellation);
        await using NpgsqlCommand slow = new(
            """
            CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON asset_exports DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_for_the_test();
            SELECT pg_advisory_lock(42);
            """,
            other);
        await slow.ExecuteNonQueryAsync(Cancellation);
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Task<ExportEntry?> claiming = _ledger.ClaimAsync("folder", s_duration, stopping.Token);
        await using NpgsqlCommand waits = new("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted)", other);
        while (await waits.ExecuteScalarAsync(Cancellation) is not true)
        {
            await Task.Delay(10, Cancellation);
        }

        await stopping.CancelAsync();
        await using NpgsqlCommand free = new("SELECT pg_advisory_unlock(42)", other);
        await free.ExecuteScalarAsync(Cancellation);

        ExportEntry? claimed = await claiming;
        Assert.NotNull(claimed);
        Assert.True(await _ledger.PutOffAsync(claimed, TimeSpan.Zero, "The application stops.", Cancellation, isCounted: false));
    }

    [Fact]
    public async Task Execute_OfAnyStatement_IsEndedByTheServerWhereItsInstanceHangs()
    {
        // Checks the setting inside the transaction, because nothing here waits between the statement and its commit.
        await _database.InTransactionAsync(null, static transaction => transaction.ExecuteAsync("UPDATE asset_exports SET reason = current_setting('idle_in_transaction_session_timeout')", null), Cancellation);

        Assert.Equal("15s", (await _database.ReadAsync<string>("SELECT reason FROM asset_exports", null, Cancellation)).Single());
    }

    [Fact(Timeout = 1800_000)]
    public async Task Turn_OfAnInstanceThatHangs_EndsByItself()
    {
        TaskCompletionSource hanging = new();
        await using NpgsqlDataSource source = LedgerDatabase.CreateSource(_connectionString, longestIdle: TimeSpan.FromSeconds(1));
        await using LedgerDatabase frozen = LedgerDatabase.OnPostgreSql(source);
        Task<int> hangs = frozen.InTransactionAsync(
            "claim folder",
            async transaction =>
            {
                await transaction.ExecuteAsync("UPDATE asset_exports SET reason = 'hangs'", null);
                hanging.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, Cancellation);
                return 0;
            },
            Cancellation);
        await hanging.Task.WaitAsync(Cancellation);

        // Waits until the server ends the idle transaction. Nothing else ends it.
        Assert.NotNull(await _ledger.ClaimAsync("folder", s_duration, Cancellation));
        Assert.False(hangs.IsCompleted);
    }

    private async Task<(ExportEntry Export, ExportClaim Claim)> ClaimAsync()
    {
        long asked = _clock.GetTimestamp();
        ExportEntry? export = await _ledger.ClaimAsync("folder", s_duration, Cancellation);
        Assert.NotNull(export);
        ExportClaim claim = new(_ledger, export, asked, s_duration, _clock, NullLogger.Instance, Cancellation);
        await WaitForTimersAsync(2);
        return (export, claim);
    }

    private async Task<long> UntilAsync() => (await _database.ReadAsync<long>("SELECT claimed_until FROM asset_exports", null, Cancellation)).Single();

    private async Task WaitForTimersAsync(int count)
    {
        while (_clock.ActiveTimers != count)
        {
            await Task.Delay(10, Cancellation);
        }
    }
}
