using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>Workers complete an event and take the next one in one call.</summary>
public sealed class InboxWorkersNextTests : InboxWorkersBench
{
    [Fact]
    public async Task Run_ManyEvents_TakesEachNextEventWithTheCompletion()
    {
        await AddAsync(20);
        Options.MaxParallelism = 1;
        int takes = 0;
        int takesSoFar = 0;
        Inbox.Before = method =>
        {
            takes += method == nameof(IEventInbox.TakeAsync) ? 1 : 0;
            return Task.CompletedTask;
        };
        Start((_, _) =>
        {
            takesSoFar = takes;
            return Task.CompletedTask;
        });

        await UntilAsync(async () => (await CountsAsync()).Completed == 20);

        Assert.Equal(1, takesSoFar);
    }

    [Fact]
    public async Task Run_CompletionThatIsNotSavedYet_LetsTheWorkerHandleOneMoreEvent()
    {
        await AddAsync(3);
        Options.MaxParallelism = 1;
        TaskCompletionSource saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Inbox.Saving = () => saved.Task;
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 2);
        for (int i = 0; i < 20; i++)
        {
            await Task.Delay(1, Cancellation);
            Assert.Equal(2, Handled.Count);
        }

        saved.SetResult();
        await UntilAsync(async () => (await CountsAsync()).Completed == 3);
    }

    [Fact]
    public async Task Run_CompletionThatCannotBeSaved_IsLoggedAndTheWorkersGoOn()
    {
        await AddAsync(3);
        Inbox.Saving = static () => Task.FromException(new InboxException("The server has gone."));
        Start();

        await UntilAsync(async () => (await CountsAsync()).Completed == 3);

        await UntilAsync(() => Task.FromResult(Log.Lines.Count(static line => line.Text.Contains("The server has gone.", StringComparison.Ordinal)) == 3));
        Assert.Equal(3, Handled.Count);
        Assert.Contains(Log.Lines, static line => line.Text.Contains("the outcome of the event 'event-000': the event is settled, or it is delivered again", StringComparison.Ordinal));
        Assert.DoesNotContain(Log.Lines, static line => line.Text.Contains("next attempt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_InboxThatCompletesAnEventAndThenFails_IsNotReportedAsALostEvent()
    {
        await AddAsync(1);
        int settled = 0;
        Inbox.After = method => method == nameof(IEventInbox.SettleAsync) && Interlocked.Increment(ref settled) == 1
            ? throw new InboxException("The flush failed.")
            : Task.CompletedTask;
        Start();

        await UntilAsync(() => Task.FromResult(Log.Lines.Any(static line => line.Text.Contains("did not confirm the outcome of the event 'event-000'", StringComparison.Ordinal))));

        Assert.Equal(2, settled);
        Assert.Equal(1, (await CountsAsync()).Completed);
        Assert.DoesNotContain(Log.Lines, static line => line.Text.Contains("another worker", StringComparison.Ordinal));
    }
}
