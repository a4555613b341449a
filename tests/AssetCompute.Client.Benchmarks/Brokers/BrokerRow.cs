using AssetCompute.Client.Brokers;
using AssetCompute.Client.Databases;
using AssetCompute.Client.Tests;

namespace AssetCompute.Client.Benchmarks.Brokers;

/// <summary>A way to deliver events from a journal to handlers.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Program">File of the worker.</param>
/// <param name="Processes">Number of concurrent workers.</param>
/// <param name="StartServersAsync">Starts the servers that the workers need, with separate data.</param>
internal sealed record BrokerRow(string Name, string Program, int Processes, Func<Task<BrokerServers>> StartServersAsync)
{
    private const int Workers = 8;
    private const string InboxWorker = "AssetCompute.Client.Inbox.Worker";

    /// <summary>The row of the same inbox in another commit's build, which is measured next to this row; null if there is none.</summary>
    public BrokerRow? Other { get; private init; }

    /// <summary>All rows. A row and its <see cref="Other"/> are neighbors.</summary>
    /// <param name="against">The folder of another commit's build, or null.</param>
    /// <param name="commit">Name of that commit in the table.</param>
    public static IReadOnlyList<BrokerRow> All(string? against, string? commit) =>
    [
        .. Inbox("the inbox in SQLite", 1, StartSqlite, against, commit),
        .. Inbox("the inbox in PostgreSQL, 2 processes", 2, () => StartPostgreSqlAsync(Workers / 2), against, commit),
        new("RabbitMQ and PostgreSQL, `samples/WolverineWorker`", SampleProgram.Path("WolverineWorker"), 1, StartWolverineAsync),
        new("NATS JetStream, `samples/NatsWorker`", SampleProgram.Path("NatsWorker"), 1, StartNatsAsync),
    ];

    private static BrokerRow[] Inbox(string name, int processes, Func<Task<BrokerServers>> start, string? against, string? commit)
    {
        BrokerRow row = new(name, SampleProgram.Path(RepositoryRoot.Path, "tests", InboxWorker), processes, start);
        if (against is null)
        {
            return [row];
        }

        BrokerRow other = new($"{name}, {commit}", SampleProgram.Path(against, "tests", InboxWorker), processes, start);
        return [row with { Other = other }, other];
    }

    private static Task<BrokerServers> StartSqlite()
    {
        BrokerServers servers = new();
        servers.Settings.Add(("Inbox__File", Path.Combine(servers.Folder, "events.db")));
        servers.Settings.Add(("Work__Parallelism", $"{Workers}"));
        return Task.FromResult(servers);
    }

    private static async Task<BrokerServers> StartPostgreSqlAsync(int parallelism)
    {
        BrokerServers servers = new();
        PostgreSqlServer database = servers.Add(await PostgreSqlServer.StartAsync());
        servers.Settings.Add(("ConnectionStrings__Events", database.ConnectionString));
        servers.Settings.Add(("Work__Parallelism", $"{parallelism}"));
        return servers;
    }

    private static async Task<BrokerServers> StartWolverineAsync()
    {
        BrokerServers servers = await StartPostgreSqlAsync(Workers);
        RabbitMqServer broker = servers.Add(new RabbitMqServer());
        await broker.StartAsync();
        servers.Settings.Add(("ConnectionStrings__RabbitMq", broker.Url));
        return servers;
    }

    private static async Task<BrokerServers> StartNatsAsync()
    {
        BrokerServers servers = new();
        NatsServer broker = servers.Add(new NatsServer());
        await broker.StartAsync();
        servers.Settings.Add(("Nats__Url", broker.Url));
        return servers;
    }
}
