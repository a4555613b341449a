using System.Collections.Concurrent;
using System.Text;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>Workers drain an inbox: in parallel, renewed, tried again, given up, and never passed by.</summary>
public sealed class InboxWorkersTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly HookedInbox _inbox;
    private readonly InboxWorkerOptions _options = new();
    private readonly ConcurrentQueue<(string Id, int Attempt, DateTimeOffset At)> _handled = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public InboxWorkersTests() => _inbox = new HookedInbox(new InMemoryEventInbox(_time));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Run_ManyEvents_HandlesEachOnceAndNeverMoreAtOnceThanAllowed()
    {
        await AddAsync(100);
        _options.MaxParallelism = 3;
        int running = 0;
        int most = 0;
        object gate = new();
        Start(async (_, token) =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++running);
            }

            await Task.Delay(1, token);
            lock (gate)
            {
                running--;
            }
        });

        await UntilAsync(async () => (await CountsAsync()).Completed == 100);

        Assert.Equal(100, _handled.Select(handled => handled.Id).Distinct().Count());
        Assert.Equal(100, _handled.Count);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Run_OneAtATime_KeepsTheOrder()
    {
        await AddAsync(20);
        _options.MaxParallelism = 1;
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 20);

        Assert.Equal(_handled.Select(handled => handled.Id).Order(StringComparer.Ordinal), _handled.Select(handled => handled.Id));
    }

    [Fact]
    public async Task Run_HandlerThatAlwaysFails_TriesAgainWithGrowingWaitsAndGivesUpWithTheReason()
    {
        await AddAsync(1);
        _options.MaxAttempts = 4;
        _options.RetryDelay = TimeSpan.FromSeconds(10);
        Start((_, _) => throw new InvalidOperationException("no target at https://a.example/x?signature=secret"));

        await UntilAsync(async () => (await CountsAsync()).DeadLetters == 1, TimeSpan.FromMilliseconds(500));

        Assert.Equal([1, 2, 3, 4], _handled.Select(handled => handled.Attempt));
        DateTimeOffset[] times = [.. _handled.Select(handled => handled.At)];
        Assert.True(times[1] - times[0] >= TimeSpan.FromSeconds(5));
        Assert.True(times[2] - times[1] >= TimeSpan.FromSeconds(10));
        Assert.True(times[3] - times[2] >= TimeSpan.FromSeconds(20));
        InboxDeadLetter letter = Assert.Single(await _inbox.ReadDeadLettersAsync(10, Cancellation));
        Assert.Equal(4, letter.Attempts);
        Assert.StartsWith("InvalidOperationException: no target at https://a.example/x", letter.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", letter.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HandlerThatRejects_GivesUpAtOnce()
    {
        await AddAsync(1);
        Start((_, _) => throw new InboxRejectException("it has no asset"));

        await UntilAsync(async () => (await CountsAsync()).DeadLetters == 1);

        Assert.Single(_handled);
        Assert.Equal("it has no asset", Assert.Single(await _inbox.ReadDeadLettersAsync(10, Cancellation)).Reason);
    }

    [Fact]
    public async Task Run_HandlerThatAsksForADelay_IsTriedAgainAfterIt()
    {
        await AddAsync(1);
        Start((delivery, _) => delivery.Attempt == 1 ? throw new InboxRetryException(TimeSpan.FromMinutes(3), "429") : Task.CompletedTask);

        await UntilAsync(async () => (await CountsAsync()).Completed == 1, TimeSpan.FromMilliseconds(500));

        DateTimeOffset[] times = [.. _handled.Select(handled => handled.At)];
        Assert.True(times[1] - times[0] >= TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Run_EventWhoseAttemptsAllEndedWithTheirProcess_IsGivenUpUnhandled()
    {
        await AddAsync(1);
        _options.MaxAttempts = 2;
        for (int i = 0; i < 2; i++)
        {
            await _inbox.TakeAsync(1, TimeSpan.FromSeconds(1), Cancellation);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Start();
        await UntilAsync(async () => (await CountsAsync()).DeadLetters == 1);

        Assert.Empty(_handled);
        Assert.Contains("without an outcome", Assert.Single(await _inbox.ReadDeadLettersAsync(10, Cancellation)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HandlerThatTakesLong_KeepsItsEvent()
    {
        await AddAsync(1);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((_, _) => release.Task);
        await UntilAsync(() => Task.FromResult(!_handled.IsEmpty));

        DateTimeOffset until = _time.GetUtcNow() + TimeSpan.FromMinutes(10);
        await UntilAsync(() => Task.FromResult(_time.GetUtcNow() > until), TimeSpan.FromSeconds(5));
        Assert.Single(_handled);
        release.SetResult();

        await UntilAsync(async () => (await CountsAsync()).Completed == 1);
        Assert.Single(_handled);
    }

    [Fact]
    public async Task Run_EventThatAnotherWorkerHas_CancelsTheHandlerAndSettlesNothing()
    {
        await AddAsync(1);
        _options.MaxParallelism = 1;
        bool cancelled = false;
        int settled = 0;
        bool stolen = false;
        _inbox.Before = async method =>
        {
            settled += method == nameof(IEventInbox.SettleAsync) ? 1 : 0;
            if (method == nameof(IEventInbox.RenewAsync) && !stolen)
            {
                // As if this process had slept past its visibility timeout.
                stolen = true;
                _time.Advance(TimeSpan.FromMinutes(2));
                Assert.Single(await _inbox.TakeAsync(1, TimeSpan.FromHours(10), Cancellation));
            }
        };
        Start(async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            finally
            {
                Volatile.Write(ref cancelled, true);
            }
        });

        await UntilAsync(() => Task.FromResult(Volatile.Read(ref cancelled)), TimeSpan.FromSeconds(1));
        await StopAsync();

        Assert.Equal(0, settled);
        Assert.Equal(new InboxCounts(0, 1, 0, 0), await CountsAsync());
    }

    [Fact]
    public async Task Stop_HandlersUnderWay_MayFinish()
    {
        await AddAsync(3);
        _options.MaxParallelism = 2;
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((_, _) => release.Task);
        await UntilAsync(() => Task.FromResult(_handled.Count == 2));

        await _stop.CancelAsync();
        release.SetResult();
        await _running;

        Assert.Equal(new InboxCounts(1, 0, 2, 0), await CountsAsync());
        Assert.Equal(2, _handled.Count);
    }

    [Fact]
    public async Task Stop_HandlerThatDoesNotFinish_IsCancelledAndItsEventWaitsAgain()
    {
        await AddAsync(1);
        Start((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        await UntilAsync(() => Task.FromResult(!_handled.IsEmpty));

        await _stop.CancelAsync();
        DateTimeOffset stopped = _time.GetUtcNow();
        await UntilAsync(() => Task.FromResult(_running.IsCompleted), TimeSpan.FromSeconds(1));
        await _running;

        Assert.True(_time.GetUtcNow() - stopped >= _options.DrainTimeout);
        Assert.Equal(new InboxCounts(1, 0, 0, 0), await CountsAsync());
        Assert.Contains("stopped", Assert.Single(await _inbox.TakeAsync(1, TimeSpan.FromHours(1), Cancellation)).LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_EventsTakenAndNotBegun_AreGivenBackWithNoAttemptCounted()
    {
        await AddAsync(3);
        _inbox.After = async method =>
        {
            if (method == nameof(IEventInbox.TakeAsync))
            {
                await _stop.CancelAsync();
            }
        };
        Start();
        await _running;
        _inbox.After = null;

        Assert.Empty(_handled);
        Assert.Equal(new InboxCounts(3, 0, 0, 0), await CountsAsync());
        Assert.All(await _inbox.TakeAsync(3, TimeSpan.FromHours(1), Cancellation), delivery => Assert.Equal(1, delivery.Attempt));
    }

    [Theory]
    [InlineData(nameof(IEventInbox.TakeAsync))]
    [InlineData(nameof(IEventInbox.SettleAsync))]
    [InlineData(nameof(IEventInbox.RemoveCompletedAsync))]
    public async Task Run_InboxThatFailsForAWhile_GoesOn(string method)
    {
        await AddAsync(5);
        int failures = 6;
        _inbox.Before = called => called == method && Interlocked.Decrement(ref failures) >= 0 ? throw new InboxException("It is down.") : Task.CompletedTask;
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 5 && Volatile.Read(ref failures) < 0, TimeSpan.FromMilliseconds(200));

        Assert.Equal(5, _handled.Count);
    }

    [Fact]
    public async Task Stop_InboxThatFails_DoesNotHoldUpTheEnd()
    {
        await AddAsync(1);
        _options.DrainTimeout = TimeSpan.FromSeconds(5);
        _inbox.Before = static called => called == nameof(IEventInbox.SettleAsync) ? throw new InboxException("It is down.") : Task.CompletedTask;
        Start();
        await UntilAsync(() => Task.FromResult(!_handled.IsEmpty));

        await _stop.CancelAsync();
        await UntilAsync(() => Task.FromResult(_running.IsCompleted), TimeSpan.FromMilliseconds(500));

        await _running;
        Assert.Equal(1, (await CountsAsync()).Taken);
    }

    [Fact]
    public async Task Run_InboxThatSaysEventsAreDue_IsAskedAtOnce()
    {
        _options.PollInterval = TimeSpan.FromHours(1);
        TaskCompletionSource polled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _inbox.After = method =>
        {
            polled.TrySetResult();
            return Task.CompletedTask;
        };
        Start();
        await polled.Task.WaitAsync(Cancellation);

        await AddAsync(1);
        _inbox.Notify();

        // The clock stands: nothing but the call can have woken them.
        while ((await CountsAsync()).Completed == 0)
        {
            await Task.Delay(1, Cancellation);
        }
    }

    [Fact]
    public async Task Run_CompletedEventsPastTheRetention_AreForgotten()
    {
        await AddAsync(1);
        _options.Retention = TimeSpan.FromHours(5);
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 1);
        DateTimeOffset completed = _time.GetUtcNow();
        await UntilAsync(async () => (await CountsAsync()).Completed == 0, TimeSpan.FromMinutes(1));

        Assert.True(_time.GetUtcNow() - completed >= TimeSpan.FromHours(4.9));
    }

    private void Start(Func<InboxDelivery, CancellationToken, Task>? handle = null)
    {
        InboxWorkers workers = new(
            _inbox,
            _options,
            async (delivery, token) =>
            {
                _handled.Enqueue((delivery.Id, delivery.Attempt, _time.GetUtcNow()));
                await (handle?.Invoke(delivery, token) ?? Task.CompletedTask);
            },
            NullLogger.Instance,
            _time);
        _running = Task.Run(() => workers.RunAsync(_stop.Token));
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await UntilAsync(() => Task.FromResult(_running.IsCompleted), TimeSpan.FromSeconds(1));
        await _running;
    }

    private async Task AddAsync(int count) =>
        await _inbox.AddAsync([.. Enumerable.Range(0, count).Select(i => new InboxMessage($"event-{i:D3}", Encoding.UTF8.GetBytes($$"""{"id":{{i}}}""")))], cancellationToken: Cancellation);

    private ValueTask<InboxCounts> CountsAsync() => _inbox.CountAsync(Cancellation);

    /// <summary>Lets the clock go by in small steps until something is so.</summary>
    private async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? step = null)
    {
        while (!await condition())
        {
            await Task.Delay(1, Cancellation);
            _time.Advance(step ?? TimeSpan.FromMilliseconds(100));
        }
    }
}
