using AssetExport;
using Npgsql;

namespace AssetCompute.Client.ExportTests.Ledger;

/// <summary>The ledger on a server.</summary>
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

    protected override async Task<LedgerDatabase> OpenAsync()
    {
        NpgsqlDataSource source = LedgerDatabase.CreateSource(_connectionString ??= await servers.PostgreSqlAsync());
        _sources.Add(source);
        return LedgerDatabase.OnPostgreSql(source);
    }
}
