using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Inbox;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>A relay publishes every event at least once, however long its sink is unavailable, and never moves the checkpoint under an expired lease.</summary>
public sealed class JournalRelayTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FencedStore _store;
    private readonly RelayedJournal _journal = new();
    private readonly ServiceProvider _account;
    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public JournalRelayTests()
    {
        _store = new FencedStore(_time);
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(_time);
        _journal.Serve(services);
        _account = services.BuildServiceProvider();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await UntilAsync(() => _running.IsCompleted);
        _stop.Dispose();
        await _account.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task Run_SinkThatIsAwayForLong_LosesNothingAndPassesNothing()
    {
        _journal.Page(0, 3).Page(3, 2).Repeats = true;
        int failures = 50;
        _sink.Before = _ => failures-- > 0 ? throw new InvalidOperationException("The broker is away.") : Task.CompletedTask;
        Start();

        await UntilAsync(() => _store.Position == RelayedJournal.At(4));

        Assert.Equal(Enumerable.Range(0, 5).Select(static i => $"position:{RelayedJournal.Position(i)}"), _sink.Published);
        Assert.Equal(51, _journal.Starts.Count);
        Assert.All(_journal.Starts, static start => Assert.Equal(JournalPosition.Oldest, start));
    }

    [Fact]
    public async Task Run_SinkThatSavesThePositionItself_IsNotSavedAgain()
    {
        _journal.Page(0, 2);
        _sink.Before = page =>
        {
            page.IsSaved = true;
            return Task.CompletedTask;
        };
        bool isCaughtUp = false;
        Start(options => options.OnNotice = notice => isCaughtUp |= notice is JournalCaughtUp);

        await UntilAsync(() => _sink.Published.Count == 2 && isCaughtUp);

        Assert.Empty(_store.Saved);
    }

    [Fact]
    public async Task Run_LeaseLostWhileASinkPublishes_DoesNotMoveTheCheckpoint()
    {
        _journal.Page(0, 2);
        _sink.Before = _ =>
        {
            _store.TakeOver();
            return Task.CompletedTask;
        };
        Start();

        await UntilAsync(() => _sink.Published.Count > 0);
        await UntilAsync(() => _store.Refused > 0);

        Assert.Null(_store.Position);
    }

    [Fact]
    public async Task Run_ExpiredPosition_EndsWhereThePolicyIsToThrow()
    {
        _journal.Expired();
        Start();

        await UntilAsync(() => _running.IsCompleted);

        Assert.True((await Assert.ThrowsAsync<JournalException>(() => _running)).PositionIsLost);
    }

    [Fact]
    public async Task Run_Filter_PassesEventsByAndMovesThePosition()
    {
        _journal.Page(0, 3);
        Start(options => options.Filter = static _ => false);

        await UntilAsync(() => _store.Position == RelayedJournal.At(2));

        Assert.Empty(_sink.Published);
    }

    [Fact]
    public async Task Run_EventThatTheReaderSkips_IsAPageOfItsOwnAndThePositionMoves()
    {
        _journal.Page(0, 1).Skipped(1).Page(2, 1);
        List<JournalRelayPage> pages = [];
        _sink.Before = page =>
        {
            pages.Add(page);
            return Task.CompletedTask;
        };
        Start();

        await UntilAsync(() => _store.Position == RelayedJournal.At(2));

        Assert.Equal([(1, null), (0, RelayedJournal.At(1)), (1, (JournalPosition?)null)], pages.Select(static page => (page.Entries.Count, page.Skipped?.Entry.Position)));
        Assert.Equal([RelayedJournal.At(0), RelayedJournal.At(1), RelayedJournal.At(2)], _store.Saved);
    }

    [Fact]
    public async Task AddJournalRelay_WithoutAStore_KeepsACheckpointFileAndGoesOnThere()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("relay-");
        try
        {
            _journal.Page(0, 2);
            using FileJournalCheckpointStore checkpoints = new(folder.FullName);
            for (int run = 1; run <= 2; run++)
            {
                ServiceCollection services = new();
                services.AddSingleton(_sink).AddSingleton<TimeProvider>(_time).AddSingleton<IJournalCheckpointStore>(checkpoints).AddLogging();
                _journal.Serve(services).AddJournalRelay<RecordingSink>();
                services.AddHealthChecks().AddJournal("relay");
                await using ServiceProvider provider = services.BuildServiceProvider();
                BackgroundService relay = provider.GetServices<IHostedService>().OfType<BackgroundService>().Last();
                await relay.StartAsync(Cancellation);
                HealthReportEntry health = default;
                while (health.Status != HealthStatus.Healthy || _sink.Published.Count < 2 || _journal.Starts.Count < run)
                {
                    await Task.Delay(1, Cancellation);
                    health = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["relay"];
                }

                await relay.StopAsync(CancellationToken.None);
                Assert.Equal(RelayedJournal.At(1), await checkpoints.LoadAsync("relay", Cancellation));
            }

            Assert.Equal([JournalPosition.Oldest, RelayedJournal.At(1)], _journal.Starts);
            Assert.Equal(2, _sink.Published.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void AddJournalRelay_NameThatACheckpointCannotHave_IsRefused()
    {
        IAssetComputeBuilder account = _journal.Serve(new ServiceCollection());

        ArgumentException exception = Assert.Throws<ArgumentException>("name", () => account.AddJournalRelay<RecordingSink>("my relay"));

        Assert.Contains("'my relay' is not a valid name", exception.Message, StringComparison.Ordinal);
    }

    private void Start(Action<JournalRelayOptions>? configure = null)
    {
        JournalRelayOptions options = new();
        configure?.Invoke(options);
        JournalRelay relay = new(
            _account.GetRequiredKeyedService<JournalReader>(""), _sink, _store, "relay", options, new JournalState(), NullLogger.Instance, _time);
        _running = Task.Run(() => relay.RunAsync(_stop.Token));
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, Cancellation);
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    private sealed class RecordingSink : IJournalSink
    {
        private readonly List<string> _published = [];

        public Func<JournalRelayPage, Task> Before { get; set; } = static _ => Task.CompletedTask;

        public IReadOnlyList<string> Published
        {
            get
            {
                lock (_published)
                {
                    return [.. _published];
                }
            }
        }

        public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken)
        {
            await Before(page);
            lock (_published)
            {
                _published.AddRange(page.Entries.Select(static entry => entry.Id));
            }
        }
    }

    /// <summary>A store whose lease another process can take over.</summary>
    private sealed class FencedStore(TimeProvider timeProvider) : IJournalRelayStore
    {
        private readonly Lock _gate = new();
        private readonly List<JournalPosition> _saved = [];
        private JournalLease _lease = new("", "", 0);
        private DateTimeOffset _ends;

        public JournalPosition? Position { get; private set; }

        public IReadOnlyList<JournalPosition> Saved
        {
            get
            {
                lock (_gate)
                {
                    return [.. _saved];
                }
            }
        }

        public int Refused { get; private set; }

        public void TakeOver()
        {
            lock (_gate)
            {
                _lease = new JournalLease("journal:relay", "another", _lease.Fence + 1);
                _ends = DateTimeOffset.MaxValue;
            }
        }

        public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => new(Position);

        public ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                if (lease != _lease)
                {
                    Refused++;
                    throw new JournalLeaseLostException(lease);
                }

                Position = position;
                _saved.Add(position);
                return default;
            }
        }

        public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                DateTimeOffset now = timeProvider.GetUtcNow();
                if (_ends > now && _lease.Owner != owner)
                {
                    return new((JournalLease?)null);
                }

                _lease = _ends > now ? _lease : new JournalLease(name, owner, _lease.Fence + 1);
                _ends = now + duration;
                return new(_lease);
            }
        }

        public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => default;
    }
}
