using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.IntegrationTests.Journal;

public class JournalChaosTests(ITestOutputHelper output)
{
    private const int Events = 20_000;

    // Set JOURNAL_SEEDS=10 for a long run.
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("JOURNAL_SEEDS") ?? "4", CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Process_EveryFifthAnswerBroken_HandlesEveryEventOnceAndOnlyMovesForward(int seed)
    {
        await using ChaosJournalServer server = await ChaosJournalServer.StartAsync(Events, seed);
        ConcurrentQueue<string> handled = [];
        RecordingStore store = new();
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IHost host = ProcessorHost.Create(
            server.Endpoint,
            store,
            (entry, _) =>
            {
                handled.Enqueue(entry.Position.Value!);
                if (handled.Count >= Events)
                {
                    done.TrySetResult();
                }

                return default;
            },
            options => options.MaxParallelism = 3);

        await host.StartAsync(TestContext.Current.CancellationToken);
        // A failed processor stops its host.
        Task stopped = host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(done.Task, stopped).WaitAsync(TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        output.WriteLine($"Seed {seed}: {string.Join(", ", server.Broken.Select(entry => $"{entry.Value} {entry.Key}"))}");
        Assert.True(server.Broken.Values.Sum() > 30);
        Assert.Equal(Enumerable.Range(0, Events).Select(ChaosJournalServer.Position), handled.Order(StringComparer.Ordinal));
        string[] saved = [.. store.Saved.Select(position => position.Value!)];
        Assert.Equal(saved.Distinct().Order(StringComparer.Ordinal), saved);
        Assert.Equal(ChaosJournalServer.Position(Events - 1), saved[^1]);
    }

    private sealed class RecordingStore : IJournalCheckpointStore
    {
        public List<JournalPosition> Saved { get; } = [];

        public ValueTask<JournalPosition?> LoadAsync(string name, CancellationToken cancellationToken = default) => default;

        public ValueTask SaveAsync(string name, JournalPosition position, CancellationToken cancellationToken = default)
        {
            Saved.Add(position);
            return default;
        }
    }
}
