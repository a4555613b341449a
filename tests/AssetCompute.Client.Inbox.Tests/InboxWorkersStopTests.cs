using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>What happens to events in progress when the workers stop.</summary>
public sealed class InboxWorkersStopTests : InboxWorkersBench
{
    [Fact]
    public async Task Stop_HandlersUnderWay_MayFinish()
    {
        await AddAsync(3);
        Options.MaxParallelism = 2;
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((_, _) => release.Task);
        await UntilAsync(() => Task.FromResult(Handled.Count == 2));

        await Stopping.CancelAsync();
        release.SetResult();
        await Running;

        Assert.Equal(new InboxCounts(1, 0, 2, 0), await CountsAsync());
        Assert.Equal(2, Handled.Count);
    }

    [Fact]
    public async Task Stop_HandlerThatDoesNotFinish_IsCancelledAndItsEventWaitsAgain()
    {
        await AddAsync(1);
        Start((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        await UntilAsync(() => Task.FromResult(!Handled.IsEmpty));

        await Stopping.CancelAsync();
        DateTimeOffset stopped = Time.GetUtcNow();
        await UntilAsync(() => Task.FromResult(Running.IsCompleted), TimeSpan.FromSeconds(1));
        await Running;

        Assert.True(Time.GetUtcNow() - stopped >= Options.DrainTimeout);
        Assert.Equal(new InboxCounts(1, 0, 0, 0), await CountsAsync());
        Assert.Equal(1, Assert.Single(await Inbox.TakeAsync(1, TimeSpan.FromHours(1), Cancellation)).Attempt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_DuringTheLastAllowedAttempt_LeavesTheEventAnotherTry(bool wrapsCancellation)
    {
        await AddAsync(1);
        Options.MaxAttempts = 1;
        Start(async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            catch (OperationCanceledException exception) when (wrapsCancellation)
            {
                throw new IOException("The call was cancelled.", exception);
            }
        });
        await UntilAsync(() => Task.FromResult(!Handled.IsEmpty));
        await StopAsync();
        Assert.Equal(new InboxCounts(1, 0, 0, 0), await CountsAsync());

        Restart();
        await UntilAsync(async () => (await CountsAsync()).Completed == 1);

        Assert.Equal([1, 1], Handled.Select(handled => handled.Attempt));
    }

    [Fact]
    public async Task Stop_HandlerWhoseCancellationThrows_EndsTheOthersAndTheWorkers()
    {
        await AddAsync(2);
        Options.MaxParallelism = 2;
        Start((_, token) =>
        {
            token.Register(static () => throw new InvalidOperationException("The handler's own."));
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        });
        await UntilAsync(() => Task.FromResult(Handled.Count == 2));

        await StopAsync();

        Assert.Equal(new InboxCounts(2, 0, 0, 0), await CountsAsync());
        Assert.Contains(Log.Lines, line => line.Text.Contains("callback on the token of a handler", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_EventLostByAHandlerWhoseCancellationThrows_IsReportedAsLost()
    {
        await AddAsync(1);
        Inbox.LosesEvents = true;
        Start((_, token) =>
        {
            token.Register(static () => throw new InvalidOperationException("The handler's own."));
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        });

        DateTimeOffset start = Time.GetUtcNow();
        await UntilAsync(() => Task.FromResult(IsReported() || Time.GetUtcNow() - start > TimeSpan.FromHours(1)), TimeSpan.FromSeconds(1));

        Assert.True(IsReported());

        bool IsReported() => Log.Lines.Any(static line => line.Text.Contains("handed to another worker", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_EventsTakenAndNotBegun_AreGivenBackWithNoAttemptCounted()
    {
        await AddAsync(3);
        Inbox.After = async method =>
        {
            if (method == nameof(IEventInbox.TakeAsync))
            {
                await Stopping.CancelAsync();
            }
        };
        Start();
        await Running;
        Inbox.After = null;

        Assert.Empty(Handled);
        Assert.Equal(new InboxCounts(3, 0, 0, 0), await CountsAsync());
        Assert.All(await Inbox.TakeAsync(3, TimeSpan.FromHours(1), Cancellation), delivery => Assert.Equal(1, delivery.Attempt));
    }

    [Fact]
    public async Task Stop_InboxThatFails_DoesNotHoldUpTheEnd()
    {
        await AddAsync(1);
        Options.DrainTimeout = TimeSpan.FromSeconds(5);
        Inbox.Before = static called => called == nameof(IEventInbox.SettleAsync) ? throw new InboxException("It is down.") : Task.CompletedTask;
        Start();
        await UntilAsync(() => Task.FromResult(!Handled.IsEmpty));

        await Stopping.CancelAsync();
        await UntilAsync(() => Task.FromResult(Running.IsCompleted), TimeSpan.FromMilliseconds(500));

        await Running;
        Assert.Equal(1, (await CountsAsync()).Taken);
        Assert.Contains(Log.Lines, static line => line.Text.Contains("did not confirm the outcome of the event 'event-000'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_InboxThatNeverAnswers_DoesNotHoldUpTheEnd()
    {
        await AddAsync(1);
        Inbox.Settling = static token => Task.Delay(Timeout.InfiniteTimeSpan, token);
        Start((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        await UntilAsync(() => Task.FromResult(!Handled.IsEmpty));

        await Stopping.CancelAsync();
        await UntilAsync(() => Task.FromResult(Running.IsCompleted), TimeSpan.FromSeconds(1));

        await Running;
        Assert.Equal(1, (await CountsAsync()).Taken);
    }
}
