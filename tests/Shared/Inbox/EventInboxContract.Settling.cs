using System.Collections.Concurrent;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

public abstract partial class EventInboxContract
{
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
}
