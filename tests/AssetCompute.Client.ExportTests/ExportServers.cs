using AssetCompute.Client.Databases;
using AssetCompute.Client.ExportTests;
using AssetExport.Demo;
using Npgsql;

[assembly: AssemblyFixture(typeof(ExportServers))]

// Each test has several processes of its own and measures one of them.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace AssetCompute.Client.ExportTests;

/// <summary>S3, Azurite and PostgreSQL, for all tests; what a test does not need is not started.</summary>
public sealed class ExportServers : IAsyncDisposable
{
    private StorageServers? _storage;
    private PostgreSqlServer? _postgreSql;
    private int _databases;

    internal async Task<StorageServers> StorageAsync() => _storage ??= await StorageServers.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A new database.</summary>
    internal async Task<string> PostgreSqlAsync()
    {
        _postgreSql ??= await PostgreSqlServer.StartAsync("fsync=off");
        string name = $"export_{++_databases}";
        await using NpgsqlDataSource server = NpgsqlDataSource.Create(_postgreSql.ConnectionString);
        await using NpgsqlCommand create = server.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_postgreSql.ConnectionString) { Database = name }.ConnectionString;
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
    }
}
