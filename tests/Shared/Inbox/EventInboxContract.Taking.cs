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
    public async Task RenewAndSettle_EventThatIsSettled_AreRefused()
    {
        await AddAsync("a", "b", "c", "d");
        IReadOnlyList<InboxDelivery> taken = await Inbox.TakeAsync(4, Ample, Cancellation);
        InboxOutcome[] outcomes = [InboxOutcome.Completed, InboxOutcome.Retry(Ample), InboxOutcome.DeadLetter("broken"), InboxOutcome.Returned];
        foreach ((InboxDelivery delivery, InboxOutcome outcome) in taken.Zip(outcomes))
        {
            Assert.True(await SettleAsync(delivery, outcome));
        }

        foreach (InboxDelivery delivery in taken)
        {
            Assert.False(await Inbox.RenewAsync(delivery, Ample, Cancellation));
            Assert.False(await SettleAsync(delivery, InboxOutcome.Completed));
        }

        await AssertCountsAsync(waiting: 2, completed: 1, deadLetters: 1);
    }

    [Fact]
    public async Task RenewAndSettle_EventThatNobodyKnows_AreRefused()
    {
        InboxDelivery unknown = new("unknown", ReadOnlyMemory<byte>.Empty, 1, Now, "1");
        InboxDelivery notOurs = new("unknown", ReadOnlyMemory<byte>.Empty, 1, Now, "not a receipt of this inbox");

        Assert.False(await Inbox.RenewAsync(unknown, Ample, Cancellation));
        Assert.False(await SettleAsync(unknown, InboxOutcome.Completed));
        Assert.False(await SettleAsync(notOurs, InboxOutcome.Completed));
    }

    [Fact]
    public async Task SettleAsync_TooLateButNobodyElseHasTheEvent_Counts()
    {
        await AddAsync("a");
        InboxDelivery delivery = await TakeOneAsync(Brief);
        await AdvancePastBriefAsync();

        Assert.True(await SettleAsync(delivery, InboxOutcome.Completed));
        await AssertCountsAsync(completed: 1);
    }

    [Fact]
    public async Task SettleAsync_ByManyAtOnce_OneDecides()
    {
        await AddAsync("a");
        InboxDelivery delivery = await TakeOneAsync();

        bool[] settled = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () => await SettleAsync(delivery, i % 2 == 0 ? InboxOutcome.Completed : InboxOutcome.DeadLetter("broken")),
            Cancellation)));

        Assert.Single(settled, true);
    }

    [Fact]
    public async Task SettleAsync_ToBeTriedAgain_ComesAfterTheDelayWithTheReason()
    {
        await AddAsync("a");
        await SettleAsync(await TakeOneAsync(), InboxOutcome.Retry(Brief, "the target is busy"));
        await AssertNothingIsDueAsync();
        await AssertCountsAsync(waiting: 1);

        await AdvancePastBriefAsync();

        InboxDelivery again = await TakeOneAsync();
        Assert.Equal(2, again.Attempt);
        Assert.Equal("the target is busy", again.LastReason);
    }

    [Fact]
    public async Task SettleAsync_ToBeTriedAgainAtOnce_ComesBehindWhatIsDueLonger()
    {
        await AddAsync("a");
        InboxDelivery delivery = await TakeOneAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(5));
        await AddAsync("b");
        await AdvanceAsync(TimeSpan.FromMilliseconds(5));
        await SettleAsync(delivery, InboxOutcome.Retry(TimeSpan.Zero));

        Assert.Equal(["b", "a"], await TakeIdsAsync());
    }

    [Fact]
    public async Task SettleAsync_GivenBack_ComesAtOnceAndTheAttemptDoesNotCount()
    {
        await AddAsync("a");
        await SettleAsync(await TakeOneAsync(), InboxOutcome.Retry(TimeSpan.Zero, "first"));
        Assert.True(await SettleAsync(await TakeOneAsync(), InboxOutcome.Returned));

        InboxDelivery delivery = await TakeOneAsync();

        Assert.Equal(2, delivery.Attempt);
        Assert.Equal("first", delivery.LastReason);
    }

    [Fact]
    public async Task SettleAsync_GivenUp_IsADeadLetterWithItsReason()
    {
        await AddAsync("a", "b");
        InboxDelivery[] taken = [await TakeOneAsync(), await TakeOneAsync()];
        await SettleAsync(taken[1], InboxOutcome.DeadLetter("it has no asset"));
        await AdvanceAsync(TimeSpan.FromMilliseconds(5));
        await SettleAsync(taken[0], InboxOutcome.Retry(TimeSpan.Zero));
        await SettleAsync(await TakeOneAsync(), InboxOutcome.DeadLetter("nul \0 and half \uD800"));

        IReadOnlyList<InboxDeadLetter> letters = await Inbox.ReadDeadLettersAsync(10, Cancellation);

        Assert.Equal(["b", "a"], letters.Select(letter => letter.Id));
        Assert.Equal("it has no asset", letters[0].Reason);
        Assert.Equal("nul \uFFFD and half \uFFFD", letters[1].Reason);
        Assert.Equal([1, 2], letters.Select(letter => letter.Attempts));
        Assert.Equal(Message("b").Event.ToArray(), letters[0].Event.ToArray());
        Assert.Equal(taken[1].ReceivedAt, letters[0].ReceivedAt);
        Assert.InRange(letters[1].DeadLetteredAt, letters[0].DeadLetteredAt, Now + TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, letters[0].DeadLetteredAt.Offset);
        Assert.Equal("b", Assert.Single(await Inbox.ReadDeadLettersAsync(1, Cancellation)).Id);
        await AssertNothingIsDueAsync();
        await AssertCountsAsync(deadLetters: 2);
    }

    [Fact]
    public async Task RequeueAsync_DeadLetter_WaitsAgainWithNoAttemptCounted()
    {
        await AddAsync("a");
        await SettleAsync(await TakeOneAsync(), InboxOutcome.DeadLetter("broken"));

        Assert.True(await Inbox.RequeueAsync("a", Cancellation));
        Assert.False(await Inbox.RequeueAsync("a", Cancellation));

        InboxDelivery delivery = await TakeOneAsync();
        Assert.Equal(1, delivery.Attempt);
        Assert.Null(delivery.LastReason);
        Assert.Equal(Message("a").Event.ToArray(), delivery.Raw.ToArray());
        Assert.Empty(await Inbox.ReadDeadLettersAsync(10, Cancellation));
        Assert.True(await SettleAsync(delivery, InboxOutcome.Completed));
    }

    [Fact]
    public async Task RequeueAsync_EventThatIsNoDeadLetter_IsRefused()
    {
        await AddAsync("waiting", "completed");
        InboxDelivery[] taken = [.. await Inbox.TakeAsync(2, Ample, Cancellation)];
        await SettleAsync(taken[0], InboxOutcome.Returned);
        await SettleAsync(taken[1], InboxOutcome.Completed);

        Assert.False(await Inbox.RequeueAsync("waiting", Cancellation));
        Assert.False(await Inbox.RequeueAsync("completed", Cancellation));
        Assert.False(await Inbox.RequeueAsync("unknown", Cancellation));
        await AssertCountsAsync(waiting: 1, completed: 1);
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
