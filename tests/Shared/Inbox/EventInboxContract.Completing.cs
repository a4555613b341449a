using System.Collections.Concurrent;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

public abstract partial class EventInboxContract
{
    [Fact]
    public async Task CompleteAndTakeAsync_EventThatIsTaken_CompletesItAndTakesTheNext()
    {
        await AddAsync("a", "b");
        InboxDelivery first = await TakeOneAsync();

        InboxCompletion completion = await Inbox.CompleteAndTakeAsync(first, Ample, Cancellation);

        Assert.True(completion.IsCompleted);
        Assert.Equal(("b", 1, false), (completion.Next!.Id, completion.Next.Attempt, completion.Next.WasAbandoned));
        Assert.Equal(Message("b").Event.ToArray(), completion.Next.Raw.ToArray());
        await AssertCountsAsync(taken: 1, completed: 1);
        completion = await Inbox.CompleteAndTakeAsync(completion.Next, Ample, Cancellation);
        Assert.Equal((true, null), (completion.IsCompleted, completion.Next));
        await AssertCountsAsync(completed: 2);
    }

    [Fact]
    public async Task CompleteAndTakeAsync_EventThatWasHandedOutAgain_TakesTheNextOnly()
    {
        await AddAsync("a");
        InboxDelivery first = await TakeOneAsync(Brief);
        await AdvancePastBriefAsync();
        InboxDelivery second = await TakeOneAsync();
        await AddAsync("b");

        InboxCompletion completion = await Inbox.CompleteAndTakeAsync(first, Ample, Cancellation);

        Assert.Equal((false, "b"), (completion.IsCompleted, completion.Next?.Id));
        Assert.True(await SettleAsync(second, InboxOutcome.Completed));
    }

    [Fact]
    public async Task CompleteAndTakeAsync_NextEventWhoseWorkerDied_IsLeftToTake()
    {
        await AddAsync("a", "b");
        await TakeOneAsync(Brief);
        InboxDelivery delivery = await TakeOneAsync();
        await AdvancePastBriefAsync();

        InboxCompletion completion = await Inbox.CompleteAndTakeAsync(delivery, Ample, Cancellation);
        Assert.Equal((true, null), (completion.IsCompleted, completion.Next));

        Assert.Equal((2, true), await TakeOneAsync() is var taken ? (taken.Attempt, taken.WasAbandoned) : default);
    }

    [Fact]
    public async Task CompleteAndTakeAsync_TooLateButNobodyElseHasTheEvent_CompletesItAndDoesNotTakeItAgain()
    {
        await AddAsync("a");
        InboxDelivery delivery = await TakeOneAsync(Brief);
        await AdvancePastBriefAsync();

        InboxCompletion completion = await Inbox.CompleteAndTakeAsync(delivery, Ample, Cancellation);
        Assert.Equal((true, null), (completion.IsCompleted, completion.Next));
        await AssertCountsAsync(completed: 1);
    }

    [Fact]
    public async Task CompleteAndTakeAsync_ByManyAtOnce_GivesNoEventTwice()
    {
        const int count = 400;
        IEventInbox other = await OpenAsync();
        await Inbox.AddAsync(Messages(0, count), cancellationToken: Cancellation);
        ConcurrentBag<string> taken = [];

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () =>
            {
                IEventInbox inbox = i % 2 == 0 ? Inbox : other;
                for (InboxDelivery? delivery = (await inbox.TakeAsync(1, Ample, Cancellation)).SingleOrDefault(); delivery is not null;)
                {
                    taken.Add(delivery.Id);
                    InboxCompletion completion = await inbox.CompleteAndTakeAsync(delivery, Ample, Cancellation);
                    Assert.True(completion.IsCompleted);
                    delivery = completion.Next;
                }
            },
            Cancellation)));

        Assert.Equal(count, taken.Distinct().Count());
        Assert.Equal(count, taken.Count);
        await AssertCountsAsync(completed: count);
    }
}
