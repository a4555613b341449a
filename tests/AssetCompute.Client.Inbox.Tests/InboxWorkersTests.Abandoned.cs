using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

public sealed partial class InboxWorkersTests
{
    [Fact]
    public async Task Run_EventWhoseAttemptsAllEndedWithTheirProcess_IsGivenUpUnhandled()
    {
        await AddAsync(1);
        Options.MaxAttempts = 2;
        for (int i = 0; i < 2; i++)
        {
            await Inbox.TakeAsync(1, TimeSpan.FromSeconds(1), Cancellation);
            Time.Advance(TimeSpan.FromSeconds(2));
        }

        Start();
        await UntilAsync(async () => (await CountsAsync()).DeadLetters == 1);

        Assert.Empty(Handled);
        Assert.Contains("without an outcome", Assert.Single(await Inbox.ReadDeadLettersAsync(10, Cancellation)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EventsWhoseProcessDied_AreRunAloneSoThatAPoisonedOneTakesNoOtherWithIt()
    {
        await AddAsync(4);
        await Inbox.TakeAsync(3, Options.VisibilityTimeout, Cancellation);
        Time.Advance(Options.VisibilityTimeout + TimeSpan.FromSeconds(1));
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((delivery, _) => delivery.Attempt == 2 && delivery.Id == "event-000" ? release.Task : Task.CompletedTask);

        // While the first suspect runs, nothing else is taken, so no other event can lose an attempt if the process ends.
        await UntilAsync(() => Task.FromResult(Handled.Any(static handled => handled is { Id: "event-000", Attempt: 2 })), TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < 20; i++)
        {
            await Task.Delay(1, Cancellation);
            Assert.Equal(1, (await CountsAsync()).Taken);
        }

        release.SetResult();
        await UntilAsync(async () => (await CountsAsync()).Completed == 4);
        Assert.Equal([("event-000", 2), ("event-001", 2), ("event-002", 2), ("event-003", 1)], Handled.Select(static handled => (handled.Id, handled.Attempt)).Order());
    }

    [Fact]
    public async Task Run_EventWhoseProcessDied_WaitsForAHandlerThatNeverEndsForAThirdOfTheVisibilityTimeoutOnly()
    {
        await AbandonAsync("suspect");
        await AddAsync(2);
        Options.MaxParallelism = 2;
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((delivery, _) => delivery.Id == "event-001" ? release.Task : Task.CompletedTask);

        await UntilAsync(async () => (await CountsAsync()).Completed == 2, TimeSpan.FromSeconds(1));

        Assert.Contains(Handled, static handled => handled is { Id: "suspect", Attempt: 2 });
        release.SetResult();
        await UntilAsync(async () => (await CountsAsync()).Completed == 3);
    }

    [Fact]
    public async Task Run_EventWhoseProcessDied_ThatOutlivesAVisibilityTimeout_HoldsUpTheOthersNoLonger()
    {
        await AbandonAsync("suspect");
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start((delivery, _) => delivery.Id == "suspect" ? release.Task : Task.CompletedTask);
        await UntilAsync(() => Task.FromResult(!Handled.IsEmpty), TimeSpan.FromSeconds(1));
        DateTimeOffset began = Time.GetUtcNow();
        await AddAsync(3);

        await UntilAsync(async () => (await CountsAsync()).Completed == 3, TimeSpan.FromSeconds(1));

        Assert.True(Time.GetUtcNow() - began >= Options.VisibilityTimeout);
        release.SetResult();
        await UntilAsync(async () => (await CountsAsync()).Completed == 4);
        Assert.Equal(4, Handled.Count);
    }

    [Fact]
    public async Task Stop_WhileAnEventWhoseProcessDiedWaitsForItsTurn_GivesItBackAsOne()
    {
        await AbandonAsync("suspect");
        await AddAsync(1);
        Options.MaxParallelism = 2;
        Start((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        await UntilAsync(() => Task.FromResult(Log.Lines.Any(static line => line.Text.Contains("runs alone", StringComparison.Ordinal))), TimeSpan.FromSeconds(1));

        await StopAsync();

        Assert.Single(Handled);
        InboxDelivery[] left = [.. await Inbox.TakeAsync(10, TimeSpan.FromHours(1), Cancellation), .. await Inbox.TakeAsync(10, TimeSpan.FromHours(1), Cancellation)];
        Assert.Equal([("event-000", 1, false), ("suspect", 2, true)], left.Select(static delivery => (delivery.Id, delivery.Attempt, delivery.WasAbandoned)).Order());
    }

    /// <summary>Adds an event whose worker has died. The inbox detects this after ten minutes.</summary>
    private async Task AbandonAsync(string id)
    {
        await Inbox.AddAsync([new InboxMessage(id, "{}"u8.ToArray())], cancellationToken: Cancellation);
        Assert.Equal(id, Assert.Single(await Inbox.TakeAsync(1, TimeSpan.FromMinutes(10), Cancellation)).Id);
    }
}
