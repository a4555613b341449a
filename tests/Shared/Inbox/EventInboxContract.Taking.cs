using System.Collections.Concurrent;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

public abstract partial class EventInboxContract
{
    [Fact]
    public async Task TakeAsync_WithoutEvents_IsEmpty()
    {
        await AssertNothingIsDueAsync();
    }

    [Fact]
    public async Task TakeAsync_SeveralEvents_ComeInTheOrderInWhichTheyWereStored()
    {
        await AddAsync("c", "a");
        await AddAsync("b");

        Assert.Equal(["c", "a"], await TakeIdsAsync(2));
        Assert.Equal(["b"], await TakeIdsAsync());
    }

    [Fact]
    public async Task TakeAsync_Event_SaysWhatItIs()
    {
        await Inbox.AddAsync([new InboxMessage("a", """{"type":"com.example.thing","id":"a"}"""u8.ToArray())], cancellationToken: Cancellation);

        InboxDelivery delivery = await TakeOneAsync();

        Assert.Equal("a", delivery.Id);
        Assert.Equal("com.example.thing", delivery.Event.Type);
        Assert.Equal(1, delivery.Attempt);
        Assert.Null(delivery.LastReason);
        Assert.Equal(TimeSpan.Zero, delivery.ReceivedAt.Offset);
        Assert.InRange(delivery.ReceivedAt, Now - TimeSpan.FromMinutes(1), Now + TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("com.example", delivery.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_WithinTheVisibilityTimeout_GivesNobodyTheEvent()
    {
        await AddAsync("a");
        await TakeOneAsync(Brief);

        await AssertNothingIsDueAsync();
        await AssertCountsAsync(taken: 1);
    }

    [Fact]
    public async Task TakeAsync_AfterTheVisibilityTimeout_GivesTheEventAgainAndCountsTheAttempt()
    {
        await AddAsync("a");
        InboxDelivery first = await TakeOneAsync(Brief);
        await AdvancePastBriefAsync();
        await AssertCountsAsync(waiting: 1);

        InboxDelivery second = await TakeOneAsync();

        Assert.Equal(2, second.Attempt);
        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Receipt, second.Receipt);
        Assert.Equal(first.ReceivedAt, second.ReceivedAt);
    }

    [Fact]
    public async Task TakeAsync_ByManyAtOnce_GivesNoEventTwice()
    {
        const int count = 400;
        IEventInbox other = await OpenAsync();
        await Inbox.AddAsync(Messages(0, count), cancellationToken: Cancellation);
        ConcurrentBag<string> taken = [];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () =>
            {
                IEventInbox inbox = i % 2 == 0 ? Inbox : other;
                while (taken.Count < count && await inbox.TakeAsync(1 + (i * 3), Ample, Cancellation) is { Count: > 0 } deliveries)
                {
                    foreach (InboxDelivery delivery in deliveries)
                    {
                        taken.Add(delivery.Id);
                        Assert.True(await inbox.SettleAsync(delivery, InboxOutcome.Completed, Cancellation));
                    }
                }
            },
            Cancellation)));

        // A worker can find no events while the others hold the remaining ones.
        Assert.Equal(count, taken.Distinct().Count());
        Assert.Equal(count, taken.Count);
        await AssertCountsAsync(completed: count);
    }

    [Fact]
    public async Task RenewAsync_EventThatIsTaken_HidesItFromThenOn()
    {
        await AddAsync("a");
        InboxDelivery delivery = await TakeOneAsync(Brief);

        Assert.True(await Inbox.RenewAsync(delivery, Ample, Cancellation));
        await AdvancePastBriefAsync();

        await AssertNothingIsDueAsync();
        Assert.True(await SettleAsync(delivery, InboxOutcome.Completed));
    }

    [Fact]
    public async Task RenewAsync_TooLateButNobodyElseHasTheEvent_HidesItAgain()
    {
        await AddAsync("a");
        InboxDelivery delivery = await TakeOneAsync(Brief);
        await AdvancePastBriefAsync();

        Assert.True(await Inbox.RenewAsync(delivery, Ample, Cancellation));

        await AssertNothingIsDueAsync();
    }

    [Fact]
    public async Task RenewAndSettle_EventThatWasHandedOutAgain_AreRefused()
    {
        await AddAsync("a");
        InboxDelivery first = await TakeOneAsync(Brief);
        await AdvancePastBriefAsync();
        InboxDelivery second = await TakeOneAsync();

        Assert.False(await Inbox.RenewAsync(first, Ample, Cancellation));
        Assert.False(await SettleAsync(first, InboxOutcome.Completed));
        Assert.False(await SettleAsync(first, InboxOutcome.Retry(TimeSpan.Zero)));
        Assert.False(await SettleAsync(first, InboxOutcome.DeadLetter("late")));
        Assert.False(await SettleAsync(first, InboxOutcome.Returned));
        await AssertCountsAsync(taken: 1);
        Assert.True(await SettleAsync(second, InboxOutcome.Completed));
    }

    [Fact]
    public async Task Take_EventsWhoseWorkerDied_ComeAloneAndSayIt()
    {
        await AddAsync("a", "b", "c");
        Assert.All(await Inbox.TakeAsync(2, Brief, Cancellation), delivery => Assert.False(delivery.WasAbandoned));
        await AdvancePastBriefAsync();

        // The event that is due longest comes first: c, which no worker has taken, and then those of the dead worker, one at a time.
        InboxDelivery fresh = await TakeOneOfManyAsync();
        InboxDelivery first = await TakeOneOfManyAsync();
        InboxDelivery second = await TakeOneOfManyAsync();

        Assert.Equal(["c", "a", "b"], [fresh.Id, .. new[] { first.Id, second.Id }.Order()]);
        Assert.Equal([false, true, true], [fresh.WasAbandoned, first.WasAbandoned, second.WasAbandoned]);
        await AssertNothingIsDueAsync();

        async Task<InboxDelivery> TakeOneOfManyAsync() => Assert.Single(await Inbox.TakeAsync(100, Ample, Cancellation));
    }

    [Fact]
    public async Task Take_EventThatWasSettledForARetry_WasNotAbandoned()
    {
        await AddAsync("a", "b");
        await SettleAsync(await TakeOneAsync(), InboxOutcome.Retry(TimeSpan.Zero));
        await SettleAsync(await TakeOneAsync(), InboxOutcome.Returned);

        IReadOnlyList<InboxDelivery> taken = await Inbox.TakeAsync(100, Ample, Cancellation);

        Assert.Equal(2, taken.Count);
        Assert.All(taken, delivery => Assert.False(delivery.WasAbandoned));
    }

    [Fact]
    public async Task Settle_ReturnedEventWhoseWorkerDied_StaysOneThatRunsAlone()
    {
        await AddAsync("a");
        await TakeOneAsync(Brief);
        await AdvancePastBriefAsync();
        InboxDelivery suspect = await TakeOneAsync();

        Assert.True(await SettleAsync(suspect, InboxOutcome.Returned));
        await AssertCountsAsync(waiting: 1);
        InboxDelivery again = await TakeOneAsync();

        Assert.Equal((2, true), (again.Attempt, again.WasAbandoned));
        Assert.False(await SettleAsync(suspect, InboxOutcome.Completed));
        Assert.True(await SettleAsync(again, InboxOutcome.Retry(TimeSpan.Zero)));
        Assert.False((await TakeOneAsync()).WasAbandoned);
    }

    [Fact]
    public async Task Add_EventAsADeadLetter_IsKeptAndCanBeRequeued()
    {
        await Inbox.AddAsync([Message("a") with { DeadLetterReason = "nested too deep" }, Message("b")], cancellationToken: Cancellation);

        await AssertCountsAsync(waiting: 1, deadLetters: 1);
        InboxDeadLetter letter = Assert.Single(await Inbox.ReadDeadLettersAsync(10, Cancellation));
        Assert.Equal(("a", "nested too deep", 0), (letter.Id, letter.Reason, letter.Attempts));
        Assert.True(await Inbox.RequeueAsync("a", Cancellation));
        Assert.Equal(["a", "b"], (await TakeIdsAsync()).Order());
    }
}
