using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>Workers drain an inbox: they handle events in parallel, renew them, retry them, give up on them and never skip one.</summary>
public sealed partial class InboxWorkersTests : InboxWorkersBench
{
    [Fact]
    public async Task Run_ManyEvents_HandlesEachOnceAndNeverMoreAtOnceThanAllowed()
    {
        await AddAsync(100);
        Options.MaxParallelism = 3;
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

        Assert.Equal(100, Handled.Select(handled => handled.Id).Distinct().Count());
        Assert.Equal(100, Handled.Count);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Run_ManySlotsFree_FillsThemByOneCall()
    {
        await AddAsync(20);
        Options.MaxParallelism = 10;
        int takes = 0;
        Inbox.Before = method =>
        {
            takes += method == nameof(IEventInbox.TakeAsync) ? 1 : 0;
            return Task.CompletedTask;
        };
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((_, token) => release.Task.WaitAsync(token));

        await UntilAsync(() => Task.FromResult(Handled.Count == 10));

        Assert.Equal(1, takes);
        release.SetResult();
        await UntilAsync(async () => (await CountsAsync()).Completed == 20);
    }

    [Fact]
    public async Task Run_OneAtATime_KeepsTheOrder()
    {
        await AddAsync(20);
        Options.MaxParallelism = 1;
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 20);

        Assert.Equal(Handled.Select(handled => handled.Id).Order(StringComparer.Ordinal), Handled.Select(handled => handled.Id));
    }

    [Fact]
    public async Task Run_HandlerThatAlwaysFails_TriesAgainWithGrowingWaitsAndGivesUpWithTheReason()
    {
        await AddAsync(1);
        Options.MaxAttempts = 4;
        Options.RetryDelay = TimeSpan.FromSeconds(10);
        Start((_, _) => throw new InvalidOperationException("no target at https://a.example/x?signature=secret"));

        await UntilAsync(async () => (await CountsAsync()).DeadLetters == 1, TimeSpan.FromMilliseconds(500));

        Assert.Equal([1, 2, 3, 4], Handled.Select(handled => handled.Attempt));
        DateTimeOffset[] times = [.. Handled.Select(handled => handled.At)];
        Assert.True(times[1] - times[0] >= TimeSpan.FromSeconds(5));
        Assert.True(times[2] - times[1] >= TimeSpan.FromSeconds(10));
        Assert.True(times[3] - times[2] >= TimeSpan.FromSeconds(20));
        InboxDeadLetter letter = Assert.Single(await Inbox.ReadDeadLettersAsync(10, Cancellation));
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

        Assert.Single(Handled);
        Assert.Equal("it has no asset", Assert.Single(await Inbox.ReadDeadLettersAsync(10, Cancellation)).Reason);
    }

    [Fact]
    public async Task Run_HandlerThatAsksForADelay_IsTriedAgainAfterIt()
    {
        await AddAsync(1);
        Start((delivery, _) => delivery.Attempt == 1 ? throw new InboxRetryException(TimeSpan.FromMinutes(3), "429") : Task.CompletedTask);

        await UntilAsync(async () => (await CountsAsync()).Completed == 1, TimeSpan.FromMilliseconds(500));

        DateTimeOffset[] times = [.. Handled.Select(handled => handled.At)];
        Assert.True(times[1] - times[0] >= TimeSpan.FromMinutes(3));
        Assert.Contains(Log.Lines, static line => line.Text.StartsWith("The handler asked to try the event 'event-000' again in 00:03:00 (attempt 1): 429", StringComparison.Ordinal));
        Assert.DoesNotContain(Log.Lines, static line => line.Text.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_HandlerThatTakesLong_KeepsItsEvent()
    {
        await AddAsync(1);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((_, _) => release.Task);
        await UntilAsync(() => Task.FromResult(!Handled.IsEmpty));

        DateTimeOffset until = Time.GetUtcNow() + TimeSpan.FromMinutes(10);
        await UntilAsync(() => Task.FromResult(Time.GetUtcNow() > until), TimeSpan.FromSeconds(5));
        Assert.Single(Handled);
        release.SetResult();

        await UntilAsync(async () => (await CountsAsync()).Completed == 1);
        Assert.Single(Handled);
    }

    [Fact]
    public async Task Run_EventThatAnotherWorkerHas_CancelsTheHandlerAndSettlesNothing()
    {
        await AddAsync(1);
        Options.MaxParallelism = 1;
        bool cancelled = false;
        int settled = 0;
        bool stolen = false;
        Inbox.Before = async method =>
        {
            settled += method == nameof(IEventInbox.SettleAsync) ? 1 : 0;
            if (method == nameof(IEventInbox.RenewAsync) && !stolen)
            {
                // Simulates a process that has slept past its visibility timeout.
                stolen = true;
                Time.Advance(TimeSpan.FromMinutes(2));
                Assert.Single(await Inbox.TakeAsync(1, TimeSpan.FromHours(10), Cancellation));
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

    [Theory]
    [InlineData(nameof(IEventInbox.TakeAsync))]
    [InlineData(nameof(IEventInbox.SettleAsync))]
    [InlineData(nameof(IEventInbox.RemoveCompletedAsync))]
    public async Task Run_InboxThatFailsForAWhile_GoesOn(string method)
    {
        await AddAsync(5);
        int failures = 6;
        Inbox.Before = called => called == method && Interlocked.Decrement(ref failures) >= 0 ? throw new InboxException("It is down.") : Task.CompletedTask;
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 5 && Volatile.Read(ref failures) < 0, TimeSpan.FromMilliseconds(200));

        Assert.Equal(5, Handled.Count);
    }

    [Fact]
    public async Task Run_InboxThatSaysEventsAreDue_IsAskedAtOnce()
    {
        Options.PollInterval = TimeSpan.FromHours(1);
        TaskCompletionSource polled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Inbox.After = method =>
        {
            polled.TrySetResult();
            return Task.CompletedTask;
        };
        Start();
        await polled.Task.WaitAsync(Cancellation);

        await AddAsync(1);
        Inbox.Notify();

        // The clock does not advance, so only the notification can have woken the workers.
        while ((await CountsAsync()).Completed == 0)
        {
            await Task.Delay(1, Cancellation);
        }
    }

    [Fact]
    public async Task Run_CompletedEventsPastTheRetention_AreForgotten()
    {
        await AddAsync(1);
        Options.Retention = TimeSpan.FromHours(5);
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 1);
        DateTimeOffset completed = Time.GetUtcNow();
        await UntilAsync(async () => (await CountsAsync()).Completed == 0, TimeSpan.FromMinutes(1));

        Assert.True(Time.GetUtcNow() - completed >= TimeSpan.FromHours(4.9));
    }
}
