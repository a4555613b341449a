using System.Diagnostics;
using System.Text.Json.Nodes;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using AssetCompute.Client.PostgreSql.Worker;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>One of three instances reads the journal. When it is killed, another instance continues from its position.</summary>
public sealed class InboxLeaseTests(SharedServer server, ITestOutputHelper output) : IAsyncDisposable
{
    private readonly string _schema = server.NewSchema();
    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("inbox-lease-");
    private readonly List<WorkerProcess> _readers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_HolderOfTheLeaseKilled_AnotherGoesOn()
    {
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero, Cancellation);
        await RegisterAsync(emulator);
        using CancellationTokenSource publishing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> published = PublishAsync(emulator, publishing.Token);
        for (int i = 0; i < 3; i++)
        {
            _readers.Add(WorkerProcess.Start("read", server.ConnectionString, _schema, Path.Combine(_logs.FullName, $"{i}.log"), emulator.Endpoint.AbsoluteUri));
        }

        WorkerProcess holder = await WaitForReaderAsync(_readers, stored: 3);
        WorkerProcess[] others = [.. _readers.Where(reader => reader != holder)];

        await holder.DisposeAsync();
        Stopwatch clock = Stopwatch.StartNew();
        WorkerProcess next = await WaitForReaderAsync(others, stored: 1);
        output.WriteLine($"Taken over after {clock.Elapsed.TotalSeconds:F1} s");

        await WaitForReaderAsync([next], stored: 3);
        await publishing.CancelAsync();
        int events = await published;
        await using PostgreSqlEventInbox inbox = new(server.ConnectionString, _schema);
        while ((await inbox.CountAsync(Cancellation)).Waiting < events)
        {
            await Task.Delay(20, Cancellation);
        }

        // A page that was read under a lost lease, but stored anyway, would be in two logs.
        string[] positions = [.. WorkerProcess.Read(Directory.EnumerateFiles(_logs.FullName))[InstanceLog.Stored]];
        Assert.Equal(positions.Length, positions.Distinct().Count());
        Assert.Equal(events, (await inbox.CountAsync(Cancellation)).Waiting);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _logs.Delete(recursive: true);
    }

    private static async Task RegisterAsync(AssetComputeEmulator emulator)
    {
        await using AssetComputeClient client = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
        await client.RegisterAsync(Cancellation);
    }

    /// <returns>The number of events in the journal.</returns>
    private static async Task<int> PublishAsync(AssetComputeEmulator emulator, CancellationToken cancellationToken)
    {
        int published = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            emulator.Publish(new JsonObject { ["type"] = "test", ["id"] = $"{published++}" });
            await Task.Delay(20, CancellationToken.None);
        }

        return published;
    }

    private static async Task<WorkerProcess> WaitForReaderAsync(IReadOnlyList<WorkerProcess> readers, int stored)
    {
        while (true)
        {
            Assert.DoesNotContain(readers, reader => reader.HasExited);
            if (readers.FirstOrDefault(reader => reader.Logged()[InstanceLog.Stored].Count() >= stored) is { } found)
            {
                return found;
            }

            await Task.Delay(20, Cancellation);
        }
    }

    private async Task StopAsync()
    {
        foreach (WorkerProcess reader in _readers)
        {
            await reader.DisposeAsync();
        }

        _readers.Clear();
    }
}
