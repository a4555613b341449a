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
    public async Task Run_InboxThatCompletesAnEventAndThenFails_IsNotReportedAsALostEvent()
    {
        await AddAsync(1);
        int settled = 0;
        Inbox.After = method => method == nameof(IEventInbox.SettleAsync) && Interlocked.Increment(ref settled) == 1
            ? throw new InboxException("The commit was not confirmed.")
            : Task.CompletedTask;
        Start();

        await UntilAsync(() => Task.FromResult(Log.Lines.Any(static line => line.Text.Contains("did not confirm the outcome of the event 'event-000'", StringComparison.Ordinal))));

        Assert.Equal(2, settled);
        Assert.Equal(1, (await CountsAsync()).Completed);
        Assert.DoesNotContain(Log.Lines, static line => line.Text.Contains("another worker", StringComparison.Ordinal));
    }
}
