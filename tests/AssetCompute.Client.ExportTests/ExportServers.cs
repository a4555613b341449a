using AssetCompute.Client.Databases;
using AssetCompute.Client.ExportTests;
using AssetExport.Demo;
using Npgsql;

[assembly: AssemblyFixture(typeof(ExportServers))]

namespace AssetCompute.Client.ExportTests;

/// <summary>S3, Azurite, and PostgreSQL, shared by all tests. A server starts when a test first needs it.</summary>
public sealed class ExportServers : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private StorageServers? _storage;
    private PostgreSqlServer? _postgreSql;
    private string? _ledger;
    private int _databases;

    internal async Task<StorageServers> StorageAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _storage ??= await StorageServers.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Creates a database.</summary>
    internal async Task<string> PostgreSqlAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _postgreSql ??= await PostgreSqlServer.StartAsync("fsync=off");
            string name = $"export_{++_databases}";
            await using NpgsqlDataSource server = NpgsqlDataSource.Create(_postgreSql.ConnectionString);
            await using NpgsqlCommand create = server.CreateCommand($"CREATE DATABASE {name}");
            await create.ExecuteNonQueryAsync();
            return new NpgsqlConnectionStringBuilder(_postgreSql.ConnectionString) { Database = name }.ConnectionString;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Empties the database of the ledger's tests. One class uses it, whose tests don't run in parallel: a new database takes longer than most of them.</summary>
    internal async Task<string> EmptyLedgerAsync()
    {
        _ledger ??= await PostgreSqlAsync();
        await using NpgsqlDataSource server = NpgsqlDataSource.Create(_ledger);
        await using NpgsqlCommand drop = server.CreateCommand("DROP SCHEMA IF EXISTS asset_compute CASCADE");
        await drop.ExecuteNonQueryAsync();
        return _ledger;
    }

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }

        if (_postgreSql is not null)
        {
            await _postgreSql.DisposeAsync();
        }

        _gate.Dispose();
    }
}
