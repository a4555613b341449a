using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.IntegrationTests.Journal;

public class JournalProcessorTests : JournalProcessorScenario
{
    [Fact]
    public async Task Run_OneByOne_HandlesInOrderAndGoesOnAtTheCheckpoint()
    {
        await using EmulatedAccount account = await StartAsync(events: 250);

        await RunUntilAsync(account, () => Handled.Count == 250);
        Publish(account, 250, 50);
        await RunUntilAsync(account, () => Handled.Count == 300);

        Assert.Equal(Enumerable.Range(0, 300), Handled);
    }

    [Fact]
    public async Task Run_OneHandlerHangs_TheCheckpointStaysBeforeItsEvent()
    {
        await using EmulatedAccount account = await StartAsync(events: 20);

        await RunUntilAsync(
            account,
            () => Handled.Count == 19,
            options => (options.MaxParallelism, options.DrainTimeout) = (4, TimeSpan.FromMilliseconds(50)),
            async (index, token) =>
            {
                if (index == 3)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                }
            });
        await RunUntilAsync(account, () => Handled.Contains(3));

        Assert.Equal(Enumerable.Range(0, 20), Handled.Distinct().Order());
        Assert.DoesNotContain(Handled.GroupBy(index => index), group => group.Key < 3 && group.Count() > 1);
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
            // The last handler might not have returned yet.
            await Task.Delay(5, Cancel);
            health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        }
        while (!Equals(health.Entries["test"].Data["lag"], "00:00:00"));

        await host.StopAsync(Cancel);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.NotEqual("", health.Entries["test"].Data["lastGood"]);
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

        await RunUntilAsync(account, () => Handled.Count == 3, options => options.Start = JournalPosition.Latest);

        Assert.Equal([5, 6, 7], Handled);
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
        Assert.Contains("The handler has been working on an entry since", health.Entries["test"].Description, StringComparison.Ordinal);
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

        Assert.Equal([0], Handled);
        Assert.NotNull(await Store.LoadAsync("test", Cancel));
    }

    [Fact]
    public async Task Run_InBatches_HandsOutWhatIsThereAtOnce()
    {
        await using EmulatedAccount account = await StartAsync(events: 25);
        BatchHandler handler = new(expected: 25);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IJournalCheckpointStore>(Store).AddSingleton(handler);
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
