using AssetCompute.Client.Databases;
using AssetCompute.Client.PostgreSql.Tests.Server;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace AssetCompute.Client.PostgreSql.Tests.Server;

/// <summary>One server for all tests that do not kill it. Each test has its own schema.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private PostgreSqlServer? _server;
    private int _schemas;

    public string ConnectionString => _server?.ConnectionString ?? throw new InvalidOperationException("The server has not started.");

    /// <summary>Returns the name of a schema that does not exist yet.</summary>
    public string NewSchema() => $"inbox_{Interlocked.Increment(ref _schemas)}";

    public async ValueTask InitializeAsync() => _server = await PostgreSqlServer.StartAsync("fsync=off");

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
}
