using System.Text;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>One of several instances reads a journal into an inbox, and no event is lost when the reader changes.</summary>
public sealed partial class JournalInboxTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryEventInbox _store;
    private readonly HookedInbox _inbox;
    private readonly RelayedJournal _journal = new();
    private readonly JournalRelayOptions _options = new();
    private readonly List<ServiceProvider> _providers = [];

    public JournalInboxTests()
    {
        _store = new InMemoryEventInbox(_time);
        _inbox = new HookedInbox(_store);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (ServiceProvider provider in _providers)
        {
            await provider.DisposeAsync();
        }
    }

    [Fact]
    public async Task Run_PagesOfEvents_AreStoredWithTheirPosition()
    {
        _journal.Page(0, 3).Page(3, 2);
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(4));

        IReadOnlyList<InboxDelivery> taken = await _store.TakeAsync(100, TimeSpan.FromHours(1), Cancellation);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"position:{RelayedJournal.Position(i)}"), taken.Select(delivery => delivery.Id));
        Assert.Equal(RelayedJournal.Event(4), Encoding.UTF8.GetString(taken[4].Raw.Span));
        Assert.Equal([JournalPosition.Oldest], _journal.Starts);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);
    }

    [Fact]
    public async Task Run_EventThatCameByWebhook_IsStoredOnce()
    {
        await _store.AddAsync([new InboxMessage("urn:a 1", "{}"u8.ToArray())], cancellationToken: Cancellation);
        _journal.Entry("p1", """{"source":"urn:a","id":"1"}""").Entry("p2", """{"source":"urn:a","id":"2"}""");
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == JournalPosition.After("p2"));

        Assert.Equal(["urn:a 1", "urn:a 2"], (await _store.TakeAsync(100, TimeSpan.FromHours(1), Cancellation)).Select(delivery => delivery.Id));
    }

    [Fact]
    public async Task Run_EventThatTheReaderSkips_IsADeadLetter()
    {
        _journal.Page(0, 1).Skipped(1).Page(2, 1);
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(2));

        InboxDeadLetter letter = Assert.Single(await _store.ReadDeadLettersAsync(10, Cancellation));
        Assert.Equal($"position:{RelayedJournal.Position(1)}", letter.Id);
        Assert.Contains("256 levels deep", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await _store.TakeAsync(100, TimeSpan.FromHours(1), Cancellation)).Count);
    }

    [Fact]
    public async Task Run_PositionOfAnEarlierRun_GoesOnThere()
    {
        await _store.AddAsync([], new InboxCheckpoint("journal", At(7)), Cancellation);
        _options.Start = JournalPosition.Latest;
        _journal.Page(8, 1);
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(8));

        Assert.Equal([At(7)], _journal.Starts);
    }

    [Fact]
    public async Task Run_StartAtTheLatest_KeepsTheEndOfTheJournalAsItsPosition()
    {
        _options.Start = JournalPosition.Latest;
        _journal.CaughtUp(41);
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(41));
    }

    [Fact]
    public async Task Run_Filter_PassesEventsByAndMovesThePosition()
    {
        int seen = 0;
        _options.Filter = adobeEvent => adobeEvent is RenditionCreated && ++seen % 2 == 0;
        _journal.Page(0, 4).Page(4, 1);
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(4));

        Assert.Equal(2, (await _store.CountAsync(Cancellation)).Waiting);
    }

    [Fact]
    public async Task Run_InboxThatFails_LosesNothing()
    {
        int failures = 3;
        _inbox.Before = method => method == nameof(IEventInbox.AddAsync) && failures-- > 0 ? throw new InboxException("The disk is full.") : Task.CompletedTask;
        _journal.Page(0, 3).Repeats = true;
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(2));

        Assert.Equal(3, (await _store.CountAsync(Cancellation)).Waiting);
        Assert.Equal([JournalPosition.Oldest, JournalPosition.Oldest, JournalPosition.Oldest, JournalPosition.Oldest], _journal.Starts);
    }

    [Fact]
    public async Task Run_JournalThatFailsTooOften_GoesOnAtThePositionThatIsStored()
    {
        _journal.Page(0, 2).Fails().Page(2, 2);
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(3));

        Assert.Equal([JournalPosition.Oldest, At(1)], _journal.Starts);
        Assert.Equal(4, (await _store.CountAsync(Cancellation)).Waiting);
    }

    [Fact]
    public async Task Run_ExpiredPosition_EndsWhereThePolicyIsToThrow()
    {
        await _store.AddAsync([], new InboxCheckpoint("journal", At(7)), Cancellation);
        _journal.Expired();
        Task running = Start(_inbox);

        await UntilAsync(() => Task.FromResult(running.IsCompleted));

        await Assert.ThrowsAsync<JournalException>(() => running);
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync()).Status);
        Assert.Equal(At(7), await PositionAsync());
        Assert.NotNull(await _store.TryAcquireLeaseAsync("journal:journal", "another", TimeSpan.FromSeconds(1), Cancellation));
    }

    [Fact]
    public async Task Run_ExpiredPosition_GoesOnAtTheOldestWhereThePolicySaysSo()
    {
        await _store.AddAsync([], new InboxCheckpoint("journal", At(7)), Cancellation);
        _options.OnExpired = ExpiredPositionPolicy.Oldest;
        List<JournalNotice> notices = [];
        _options.OnNotice = notices.Add;
        _journal.Expired().Page(100, 2);
        _ = Start(_inbox);

        await UntilAsync(async () => await PositionAsync() == At(101));

        Assert.Single(notices.OfType<JournalGap>());
        Assert.Equal(2, (await _store.CountAsync(Cancellation)).Waiting);
    }

    private static JournalPosition At(int index) => RelayedJournal.At(index);

    /// <summary>Starts an instance of the application.</summary>
    private Task Start(IEventInbox inbox)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton(inbox);
        _journal.Serve(services).AddJournalInbox(configure: options =>
        {
            options.Start = _options.Start;
            options.OnExpired = _options.OnExpired;
            options.Filter = _options.Filter;
            options.OnNotice = _options.OnNotice;
        });
        services.AddHealthChecks().AddJournal("journal");
        ServiceProvider provider = services.BuildServiceProvider();
        _providers.Add(provider);
        BackgroundService service = provider.GetServices<IHostedService>().OfType<BackgroundService>().Last();
        _ = Task.Run(() => service.StartAsync(CancellationToken.None), CancellationToken.None);
        return Task.Run(async () =>
        {
            while (service.ExecuteTask is null)
            {
                await Task.Delay(1, Cancellation);
            }

            await service.ExecuteTask;
        });
    }

    private async Task StopAsync()
    {
        Task stopped = Task.WhenAll(_providers.SelectMany(static provider => provider.GetServices<IHostedService>()).Select(static service => service.StopAsync(CancellationToken.None)));
        await UntilAsync(() => Task.FromResult(stopped.IsCompleted));
    }

    private async Task<JournalPosition?> PositionAsync() => await _store.LoadCheckpointAsync("journal", Cancellation);

    private async Task<HealthReportEntry> HealthAsync(int instance = 0) =>
        (await _providers[instance].GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["journal"];

    private async Task<bool> IsReaderAsync(int instance) => (bool)(await HealthAsync(instance)).Data["reader"];

    /// <summary>Advances the clock in small steps until a condition is true.</summary>
    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(1, Cancellation);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
