using System.Collections.Concurrent;
using System.Text;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>Workers with an inbox whose clock the test controls and whose calls it can intercept.</summary>
public abstract class InboxWorkersBench : IAsyncDisposable
{
    protected InboxWorkersBench() => Inbox = new HookedInbox(new InMemoryEventInbox(Time));

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Time { get; } = new();

    private protected HookedInbox Inbox { get; }

    private protected LogCollector Log { get; } = new();

    protected InboxWorkerOptions Options { get; } = new();

    protected ConcurrentQueue<(string Id, int Attempt, DateTimeOffset At)> Handled { get; } = [];

    protected CancellationTokenSource Stopping { get; private set; } = new();

    protected Task Running { get; private set; } = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Start(Func<InboxDelivery, CancellationToken, Task>? handle = null)
    {
        InboxWorkers workers = new(
            Inbox,
            Options,
            async (delivery, token) =>
            {
                Handled.Enqueue((delivery.Id, delivery.Attempt, Time.GetUtcNow()));
                await (handle?.Invoke(delivery, token) ?? Task.CompletedTask);
            },
            Log,
            Time);
        Running = Task.Run(() => workers.RunAsync(Stopping.Token));
    }

    /// <summary>Starts the workers of another process after the previous ones have stopped.</summary>
    protected void Restart(Func<InboxDelivery, CancellationToken, Task>? handle = null)
    {
        Stopping.Dispose();
        Stopping = new CancellationTokenSource();
        Start(handle);
    }

    protected async Task StopAsync()
    {
        await Stopping.CancelAsync();
        await UntilAsync(() => Task.FromResult(Running.IsCompleted), TimeSpan.FromSeconds(1));
        await Running;
    }

    protected async Task AddAsync(int count) =>
        await Inbox.AddAsync([.. Enumerable.Range(0, count).Select(i => new InboxMessage($"event-{i:D3}", Encoding.UTF8.GetBytes($$"""{"id":{{i}}}""")))], cancellationToken: Cancellation);

    protected ValueTask<InboxCounts> CountsAsync() => Inbox.CountAsync(Cancellation);

    /// <summary>Advances the clock in small steps until a condition is true.</summary>
    protected async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? step = null)
    {
        while (!await condition())
        {
            await Task.Delay(1, Cancellation);
            Time.Advance(step ?? TimeSpan.FromMilliseconds(100));
        }
    }
}
