namespace AssetCompute.Client.Benchmarks.Brokers;

/// <summary>The servers of one run, and the settings that connect a worker to them.</summary>
internal sealed class BrokerServers : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("brokers-").FullName;

    public List<(string Name, string Value)> Settings { get; } = [];

    public T Add<T>(T server)
        where T : IAsyncDisposable
    {
        _servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
