using AssetCompute.Client.Databases;
using AssetCompute.Client.PostgreSql.Tests.Server;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace AssetCompute.Client.PostgreSql.Tests.Server;

/// <summary>One server for all tests that do not kill it; each of them has a schema of its own there.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private PostgreSqlServer? _server;
    private int _schemas;

    public string ConnectionString => _server?.ConnectionString ?? throw new InvalidOperationException("The server has not started.");

    /// <summary>The name of a schema that is not there yet.</summary>
    public string NewSchema() => $"inbox_{Interlocked.Increment(ref _schemas)}";

    public async ValueTask InitializeAsync() => _server = await PostgreSqlServer.StartAsync("fsync=off");

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
}
