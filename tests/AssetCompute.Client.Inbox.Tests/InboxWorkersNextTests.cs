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

        Assert.Equal(3, Handled.Count);
        Assert.Contains(Log.Lines, static line => line.Text.Contains("The server has gone.", StringComparison.Ordinal));
    }
}
