using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.IntegrationTests.Journal;

public class JournalProcessorTests
{
    private readonly InMemoryJournalCheckpointStore _store = new();
    private readonly ConcurrentQueue<int> _handled = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OneByOne_HandlesInOrderAndGoesOnAtTheCheckpoint()
    {
        await using EmulatedAccount account = await StartAsync(events: 250);

        await RunUntilAsync(account, () => _handled.Count == 250);
        Publish(account, 250, 50);
        await RunUntilAsync(account, () => _handled.Count == 300);

        Assert.Equal(Enumerable.Range(0, 300), _handled);
    }

    [Fact]
    public async Task Run_OneHandlerHangs_TheCheckpointStaysBeforeItsEvent()
    {
        await using EmulatedAccount account = await StartAsync(events: 20);

        await RunUntilAsync(
            account,
            () => _handled.Count == 19,
            options => (options.MaxParallelism, options.DrainTimeout) = (4, TimeSpan.FromMilliseconds(50)),
            async (index, token) =>
            {
                if (index == 3)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                }
            });
        await RunUntilAsync(account, () => _handled.Contains(3));

        Assert.Equal(Enumerable.Range(0, 20), _handled.Distinct().Order());
        Assert.DoesNotContain(_handled.GroupBy(index => index), group => group.Key < 3 && group.Count() > 1);
    }

    [Fact]
    public async Task Run_HandlerFailsAtFirst_TriesAgain()
    {
        await using EmulatedAccount account = await StartAsync(events: 5);
        int failures = 2;

        await RunUntilAsync(account, () => _handled.Count == 5, handle: (index, _) =>
            index == 2 && failures-- > 0 ? throw new InvalidOperationException("not yet") : Task.CompletedTask);

        Assert.Equal(Enumerable.Range(0, 5), _handled);
    }

    [Fact]
    public async Task Run_EveryAttemptFails_HandsTheEventToTheDeadLetters()
    {
        await using EmulatedAccount account = await StartAsync(events: 5);
        List<JournalDeadLetter> letters = [];

        await RunUntilAsync(
            account,
            () => _handled.Count == 4,
            options =>
            {
                options.MaxAttempts = 3;
                options.OnDeadLetter = (letter, _) =>
                {
                    letters.Add(letter);
                    return default;
                };
            },
            (index, _) => index == 2 ? throw new InvalidOperationException("never") : Task.CompletedTask);

        JournalDeadLetter letter = Assert.Single(letters);
        Assert.Equal(2, Index(Assert.Single(letter.Entries)));
        Assert.Equal(3, letter.Attempts);
        Assert.Equal("never", letter.Exception.Message);
        Assert.Equal([0, 1, 3, 4], _handled);
    }

    [Fact]
    public async Task Run_EveryAttemptFailsAndNobodyTakesDeadLetters_EndsBeforeTheEvent()
    {
        await using EmulatedAccount account = await StartAsync(events: 5);
        using IHost host = Host(account, options => options.MaxAttempts = 2, (index, _) => index == 2 ? throw new InvalidOperationException("never") : Task.CompletedTask);

        await host.StartAsync(Cancel);
        await host.WaitForShutdownAsync(Cancel);

        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal("never", health.Entries["test"].Exception!.Message);
        await RunUntilAsync(account, () => _handled.Contains(4));
        Assert.Equal(Enumerable.Range(0, 5), _handled);
    }

    [Fact]
    public async Task CheckHealth_CaughtUp_IsHealthyWithoutLag()
    {
        await using EmulatedAccount account = await StartAsync(events: 3);
        TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IHost host = Host(account, options => options.OnNotice = notice =>
        {
            if (notice is JournalCaughtUp)
            {
                caughtUp.TrySetResult();
            }
        });

        await host.StartAsync(Cancel);
        await caughtUp.Task.WaitAsync(Cancel);
        HealthReport health;
        do
        {
            // The last handler may still be about to return.
            await Task.Delay(5, Cancel);
            health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        }
        while (!Equals(health.Entries["test"].Data["lag"], "00:00:00"));

        await host.StopAsync(Cancel);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.NotEqual("", health.Entries["test"].Data["lastHandled"]);
    }

    [Fact]
    public async Task Run_StartedAtTheLatest_LosesNothingBetweenTwoRuns()
    {
        await using EmulatedAccount account = await StartAsync(events: 5);
        TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await RunUntilAsync(account, () => caughtUp.Task.IsCompleted, options =>
        {
            options.Start = JournalPosition.Latest;
            options.OnNotice = notice => caughtUp.TrySetResult();
        });
        Publish(account, 5, 3);

        await RunUntilAsync(account, () => _handled.Count == 3, options => options.Start = JournalPosition.Latest);

        Assert.Equal([5, 6, 7], _handled);
    }

    [Fact]
    public async Task CheckHealth_HandlerHangs_IsStalled()
    {
        await using EmulatedAccount account = await StartAsync(events: 1);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IHost host = Host(
            account,
            options => (options.StalledAfter, options.DrainTimeout) = (TimeSpan.FromMilliseconds(50), TimeSpan.Zero),
            async (_, token) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            });

        await host.StartAsync(Cancel);
        await started.Task.WaitAsync(Cancel);
        HealthReport health;
        do
        {
            await Task.Delay(5, Cancel);
            health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        }
        while (health.Status == HealthStatus.Healthy);

        await host.StopAsync(Cancel);
        Assert.Contains("with the handler since", health.Entries["test"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_HandlersAtWork_WaitsForThemAndCommits()
    {
        await using EmulatedAccount account = await StartAsync(events: 1);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IHost host = Host(account, handle: async (_, token) =>
        {
            started.TrySetResult();
            await finish.Task.WaitAsync(token);
        });

        await host.StartAsync(Cancel);
        await started.Task.WaitAsync(Cancel);
        Task stopping = host.StopAsync(Cancel);
        Assert.False(stopping.IsCompleted);
        finish.SetResult();
        await stopping;

        Assert.Equal([0], _handled);
        Assert.NotNull(await _store.LoadAsync("test", Cancel));
    }

    [Fact]
    public async Task Run_InBatches_HandsOutWhatIsThereAtOnce()
    {
        await using EmulatedAccount account = await StartAsync(events: 25);
        BatchHandler handler = new(expected: 25);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IJournalCheckpointStore>(_store).AddSingleton(handler);
        builder.Services.AddAssetCompute(account.Configure).AddJournalBatchProcessor<BatchHandler>("batch", options => options.BatchSize = 10);
        using IHost host = builder.Build();

        await host.StartAsync(Cancel);
        await handler.Done.WaitAsync(Cancel);
        await host.StopAsync(Cancel);

        Assert.Equal([10, 10, 5], handler.Batches.Select(batch => batch.Count));
        Assert.Equal(Enumerable.Range(0, 25), handler.Batches.SelectMany(batch => batch).Select(Index));
    }

    [Fact]
    public async Task Start_OptionsOutOfRange_NamesEachOfThem()
    {
        await using EmulatedAccount account = await StartAsync(events: 0);
        using IHost host = Host(account, options => (options.MaxParallelism, options.CommitCount) = (0, -1));

        Microsoft.Extensions.Options.OptionsValidationException exception =
            await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync(Cancel));

        Assert.Equal(2, exception.Failures.Count());
        Assert.Contains(exception.Failures, failure => failure.Contains(nameof(JournalProcessorOptions.MaxParallelism), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_DiskFullAndThenNot_EndsWithAClearErrorAndLosesNothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("journal-full-");
        string next = Path.Combine(folder.FullName, "test.checkpoint.next");
        File.CreateSymbolicLink(next, "/dev/full");
        await using EmulatedAccount account = await StartAsync(events: 30);
        using (FileJournalCheckpointStore full = new(folder.FullName))
        {
            JournalCheckpointException error = await FailAsync(account, full);
            Assert.Contains("will be handled again", error.Message, StringComparison.Ordinal);
        }

        // No checkpoint was saved, so all of them come again.
        File.Delete(next);
        _handled.Clear();
        using FileJournalCheckpointStore store = new(folder.FullName);
        using IHost host = Host(account, store: store);
        await host.StartAsync(Cancel);
        while (_handled.Count < 30)
        {
            await Task.Delay(2, Cancel);
        }

        await host.StopAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, 30), _handled);
        Assert.NotNull(await store.LoadAsync("test", Cancel));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_ReadOnlyFolder_EndsWithAClearErrorBeforeAnyEvent()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Needs a file system that nobody can write to.");
        await using EmulatedAccount account = await StartAsync(events: 3);
        using FileJournalCheckpointStore store = new("/proc/checkpoints");

        JournalCheckpointException error = await FailAsync(account, store);

        Assert.Contains("/proc/checkpoints", error.Message, StringComparison.Ordinal);
        Assert.Empty(_handled);
    }

    private static async Task<EmulatedAccount> StartAsync(int events)
    {
        EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        Publish(account, 0, events);
        return account;
    }

    private static void Publish(EmulatedAccount account, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            account.Emulator.Publish(new JsonObject { ["type"] = "test", ["index"] = i });
        }
    }

    private static int Index(JournalEntry entry) => ((UnknownEvent)entry.Event).Json.GetProperty("index").GetInt32();

    private async Task<JournalCheckpointException> FailAsync(EmulatedAccount account, IJournalCheckpointStore store)
    {
        using IHost host = Host(account, store: store);
        await host.StartAsync(Cancel);
        await host.WaitForShutdownAsync(Cancel);
        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        return Assert.IsType<JournalCheckpointException>(health.Entries["test"].Exception);
    }

    private IHost Host(
        EmulatedAccount account,
        Action<JournalProcessorOptions>? configure = null,
        Func<int, CancellationToken, Task>? handle = null,
        IJournalCheckpointStore? store = null) =>
        ProcessorHost.Create(
            account.Emulator.Endpoint,
            store ?? _store,
            async (entry, token) =>
            {
                int index = Index(entry);
                await (handle?.Invoke(index, token) ?? Task.CompletedTask);
                _handled.Enqueue(index);
            },
            configure);

    private async Task RunUntilAsync(EmulatedAccount account, Func<bool> done, Action<JournalProcessorOptions>? configure = null, Func<int, CancellationToken, Task>? handle = null)
    {
        using IHost host = Host(account, configure, handle);
        await host.StartAsync(Cancel);
        while (!done())
        {
            await Task.Delay(2, Cancel);
        }

        await host.StopAsync(Cancel);
    }

    internal sealed class BatchHandler(int expected) : IJournalBatchHandler
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<IReadOnlyList<JournalEntry>> Batches { get; } = [];

        public Task Done => _done.Task;

        public ValueTask HandleAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
        {
            Batches.Add(entries);
            if (Batches.Sum(batch => batch.Count) >= expected)
            {
                _done.TrySetResult();
            }

            return default;
        }
    }
}
