using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Http;
using AssetCompute.Client.Tests.Jobs;
using AssetCompute.Client.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Tests.Journal.Processing;

/// <summary>A processor with an in-memory journal. It records which of the numbered events it has handled.</summary>
internal sealed class ProcessorRun : IAsyncDisposable
{
    public const string Checkpoint = "test";

    private readonly TestAccount _account;
    private readonly CancellationTokenSource _stop = new();

    public ProcessorRun()
    {
        Service.HoldsBack = false;
        _account = Service.Account(options => options.Retry.MaxRetryAttempts = 0);
    }

    public FakeService Service { get; } = new();

    public JournalProcessorOptions Options { get; } = new();

    public JournalState State { get; } = new();

    public RecordingStore Store { get; set; } = new();

    public ConcurrentQueue<int> Handled { get; } = [];

    public ConcurrentQueue<JournalNotice> Notices { get; } = [];

    /// <summary>The work of the handler, before the entries count as handled. Default: none.</summary>
    public Func<IReadOnlyList<JournalEntry>, CancellationToken, Task> Handle { get; set; } = static (_, _) => Task.CompletedTask;

    public Task Running { get; private set; } = Task.CompletedTask;

    public static int IndexOf(JournalEntry entry) => ((UnknownEvent)entry.Event).Json.GetProperty("index").GetInt32();

    public static JournalPosition At(int index) => JournalPosition.After(FakeService.Position(index));

    public ProcessorRun Publish(int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            Service.Publish(new JsonObject { ["type"] = "test", ["index"] = i });
        }

        return this;
    }

    public ProcessorRun Start(int batchSize = 1)
    {
        Action<JournalNotice>? told = Options.OnNotice;
        Options.OnNotice = notice =>
        {
            Notices.Enqueue(notice);
            told?.Invoke(notice);
        };
        JournalProcessor processor = new(
            _account.Services.GetRequiredKeyedService<JournalReader>(""), Store, Checkpoint, Options, batchSize, HandleAsync, State, NullLogger.Instance, Service.Time);
        Running = Task.Run(() => processor.RunAsync(_stop.Token));
        return this;
    }

    public void Stop() => _stop.Cancel();

    /// <summary>Stops the processor, and waits for its end as a host does.</summary>
    public Task StopAsync()
    {
        Stop();
        return Running.WaitAsync(FakeService.Patience, TestContext.Current.CancellationToken);
    }

    public Task HandledAsync(int count) => FakeService.UntilAsync(() => Handled.Count >= count);

    /// <summary>Waits until all published events are read and the reader waits for more.</summary>
    public Task CaughtUpAsync(int times = 1) => FakeService.UntilAsync(() => Notices.Count(notice => notice is JournalCaughtUp) >= times);

    public async ValueTask DisposeAsync()
    {
        Stop();
        await FakeService.UntilAsync(() =>
        {
            // After the drain timeout, the processor abandons a handler that a failed test left running.
            Service.Time.Advance(Options.DrainTimeout);
            return Running.IsCompleted;
        });
        await _account.DisposeAsync();
        Service.Dispose();
        _stop.Dispose();
    }

    private async ValueTask HandleAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        await Handle(entries, cancellationToken);
        foreach (JournalEntry entry in entries)
        {
            Handled.Enqueue(IndexOf(entry));
        }
    }

    /// <summary>Records each saved position, and fails if a test requires it.</summary>
    internal sealed class RecordingStore : IJournalCheckpointStore
    {
        private readonly InMemoryJournalCheckpointStore _store = new();

        public ConcurrentQueue<JournalPosition> Saved { get; } = [];

        public Func<Task> BeforeLoad { get; set; } = static () => Task.CompletedTask;

        public Func<Task> BeforeSave { get; set; } = static () => Task.CompletedTask;

        public async ValueTask<JournalPosition?> LoadAsync(string name, CancellationToken cancellationToken = default)
        {
            await BeforeLoad();
            return await _store.LoadAsync(name, cancellationToken);
        }

        public async ValueTask SaveAsync(string name, JournalPosition position, CancellationToken cancellationToken = default)
        {
            await BeforeSave();
            await _store.SaveAsync(name, position, cancellationToken);
            Saved.Enqueue(position);
        }
    }
}
