using AssetExport;
using Npgsql;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>Runs the contract of the ledger on PostgreSQL.</summary>
public sealed class PostgreSqlExportLedgerTests(ExportServers servers) : ExportLedgerContract
{
    private readonly List<NpgsqlDataSource> _sources = [];
    private string? _connectionString;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (NpgsqlDataSource source in _sources)
        {
            await source.DisposeAsync();
        }
    }

    [Fact]
    public async Task Ledger_OnAServerWhoseTransactionsAreRepeatable_IsTheSame()
    {
        // Changes that are committed while an instance waits for a lock must be visible to it.
        _connectionString = new NpgsqlConnectionStringBuilder(_connectionString) { Options = @"-c default_transaction_isolation=repeatable\ read" }.ConnectionString;
        ExportLedger[] instances = [await NewInstanceAsync(Clock), await NewInstanceAsync(Clock), await NewInstanceAsync(Clock), await NewInstanceAsync(Clock)];
        for (int i = 0; i < 20; i++)
        {
            await PlanAsync(instances[i % 4], $"v{i}", $"/content/dam/{i:000}.txt");
        }

        ExportEntry?[] claimed = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => instances[i % 4].ClaimAsync("folder", TimeSpan.FromMinutes(1), Cancellation))));
        Assert.Equal(20, claimed.Select(static entry => entry?.Path).Distinct().Count(static path => path is not null));

        // Renews claims while the exports complete.
        await Task.WhenAll(claimed.Select((entry, i) => Task.Run(() => Task.WhenAll(
            instances[i % 4].RenewAsync(entry!, TimeSpan.FromMinutes(1), Cancellation),
            instances[(i + 1) % 4].CompleteAsync(entry!, 1, "there", Cancellation),
            instances[(i + 2) % 4].RenewAsync(entry!, TimeSpan.FromMinutes(1), Cancellation)))));
        Assert.Equal(20, (await First.CountAsync(Cancellation)).Single(static count => count.State == ExportState.Exported).Count);
    }

    private protected override async Task<LedgerDatabase> OpenAsync()
    {
        NpgsqlDataSource source = LedgerDatabase.CreateSource(_connectionString ??= await servers.EmptyLedgerAsync());
        _sources.Add(source);
        return LedgerDatabase.OnPostgreSql(source);
    }
}
