using System.Text;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

public abstract partial class EventInboxContract
{
    [Fact]
    public async Task AddAsync_NewEvents_AreStoredAndCounted()
    {
        Assert.Equal(3, await AddAsync("a", "b", "c"));

        await AssertCountsAsync(waiting: 3);
    }

    [Fact]
    public async Task AddAsync_EventOfAKnownId_IsStoredOnce()
    {
        await Inbox.AddAsync([new InboxMessage("a", "1"u8.ToArray())], cancellationToken: Cancellation);

        Assert.Equal(1, await Inbox.AddAsync([new InboxMessage("a", "2"u8.ToArray()), new InboxMessage("b", "3"u8.ToArray())], cancellationToken: Cancellation));

        IReadOnlyList<InboxDelivery> taken = await Inbox.TakeAsync(10, Ample, Cancellation);
        Assert.Equal(["a=1", "b=3"], taken.Select(delivery => $"{delivery.Id}={Encoding.UTF8.GetString(delivery.Raw.Span)}"));
    }

    [Fact]
    public async Task AddAsync_OneIdTwiceInOneCall_StoresTheFirst()
    {
        Assert.Equal(1, await Inbox.AddAsync([new InboxMessage("a", "1"u8.ToArray()), new InboxMessage("a", "2"u8.ToArray())], cancellationToken: Cancellation));

        Assert.Equal("1"u8.ToArray(), (await TakeOneAsync()).Raw.ToArray());
    }

    [Theory]
    [InlineData(InboxOutcomeKind.Completed)]
    [InlineData(InboxOutcomeKind.DeadLetter)]
    [InlineData(InboxOutcomeKind.Retry)]
    public async Task AddAsync_EventThatWasSettled_IsNotStoredAgain(InboxOutcomeKind kind)
    {
        await AddAsync("a");
        await SettleAsync(await TakeOneAsync(), kind switch
        {
            InboxOutcomeKind.Completed => InboxOutcome.Completed,
            InboxOutcomeKind.DeadLetter => InboxOutcome.DeadLetter("broken"),
            _ => InboxOutcome.Retry(Ample),
        });

        Assert.Equal(0, await AddAsync("a"));

        await AssertNothingIsDueAsync();
    }

    [Fact]
    public async Task AddAsync_IdsThatDifferInCaseOrAccents_AreDifferentEvents()
    {
        Assert.Equal(4, await AddAsync("event", "EVENT", "e\u0301", "\u00e9"));

        Assert.Equal(["event", "EVENT", "e\u0301", "\u00e9"], await TakeIdsAsync());
    }

    [Fact]
    public async Task AddAsync_IdOfTheMostCharacters_ComesBackAsItWas()
    {
        string[] ids = [new string('x', 511) + "1", new string('x', 511) + "2", string.Concat(Enumerable.Repeat("\U0001F600", 256)), "'; drop table events; --"];

        Assert.Equal(4, await AddAsync(ids));
        Assert.Equal(0, await AddAsync(ids));

        Assert.Equal(ids, await TakeIdsAsync());
    }

    [Fact]
    public async Task AddAsync_LargeAndEmptyEvents_ComeBackByteForByte()
    {
        byte[] large = new byte[1024 * 1024];
        new Random(1).NextBytes(large);

        await Inbox.AddAsync([new InboxMessage("large", large), new InboxMessage("empty", ReadOnlyMemory<byte>.Empty)], cancellationToken: Cancellation);

        IReadOnlyList<InboxDelivery> taken = await Inbox.TakeAsync(10, Ample, Cancellation);
        Assert.Equal(["large", "empty"], taken.Select(delivery => delivery.Id));
        Assert.True(taken[0].Raw.Span.SequenceEqual(large));
        Assert.True(taken[1].Raw.IsEmpty);
    }

    [Fact]
    public async Task AddAsync_BytesThatTheCallerUsesAgain_StayAsTheyWere()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("xx{\"id\":1}xx");
        await Inbox.AddAsync([new InboxMessage("a", bytes.AsMemory(2, 8))], cancellationToken: Cancellation);

        Array.Clear(bytes);

        Assert.Equal("{\"id\":1}", Encoding.UTF8.GetString((await TakeOneAsync()).Raw.Span));
    }

    [Fact]
    public async Task AddAsync_ByManyAtOnce_StoresEachEventOnce()
    {
        IEventInbox other = await OpenAsync();
        int[] added = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () =>
            {
                int stored = 0;
                InboxMessage[] messages = Messages(0, 200);
                // Each task adds the messages in a different order, which must not cause a deadlock.
                new Random(i).Shuffle(messages);
                foreach (InboxMessage[] batch in messages.Chunk(20))
                {
                    stored += await (i % 2 == 0 ? Inbox : other).AddAsync(batch, cancellationToken: Cancellation);
                }

                return stored;
            },
            Cancellation)));

        Assert.Equal(200, added.Sum());
        await AssertCountsAsync(waiting: 200);
        Assert.Equal(200, (await TakeIdsAsync(1000)).Distinct().Count());
    }

    [Fact]
    public async Task AddAsync_WithoutEvents_StoresNothing()
    {
        Assert.Equal(0, await AddAsync());

        await AssertCountsAsync();
    }

    [Fact]
    public async Task AddAsync_ManyEventsInOneCall_KeepTheirOrder()
    {
        InboxMessage[] messages = Messages(0, 2500);
        Assert.Equal(2500, await Inbox.AddAsync(messages, cancellationToken: Cancellation));

        Assert.Equal(messages.Select(message => message.Id), await TakeIdsAsync(5000));
    }

    [Fact]
    public async Task AddAsync_OfAnotherInstance_IsSeen()
    {
        IEventInbox other = await OpenAsync();
        await other.AddAsync([Message("a")], cancellationToken: Cancellation);

        Assert.Equal(0, await AddAsync("a"));
        Assert.Equal(["a"], await TakeIdsAsync());
    }

    [Fact]
    public async Task EventsDue_EventsAddedByThisInstance_IsRaised()
    {
        int raised = 0;
        Inbox.EventsDue += (_, _) => Interlocked.Increment(ref raised);
        await AddAsync("a");
        await AddAsync("a");

        Assert.Equal(1, Volatile.Read(ref raised));
        InboxDelivery delivery = await TakeOneAsync();
        await SettleAsync(delivery, InboxOutcome.Retry(Ample));
        Assert.Equal(1, Volatile.Read(ref raised));
    }

    [Fact]
    public async Task Checkpoint_StoredWithEvents_IsLoaded()
    {
        Assert.Null(await Inbox.LoadCheckpointAsync("journal", Cancellation));

        await Inbox.AddAsync([Message("a")], new InboxCheckpoint("journal", JournalPosition.After("p1")), Cancellation);
        await Inbox.AddAsync([], new InboxCheckpoint("other", JournalPosition.Latest), Cancellation);
        await Inbox.AddAsync([Message("a")], new InboxCheckpoint("journal", JournalPosition.After("p2")), Cancellation);

        IEventInbox other = await OpenAsync();
        Assert.Equal(JournalPosition.After("p2"), await other.LoadCheckpointAsync("journal", Cancellation));
        Assert.Equal(JournalPosition.Latest, await other.LoadCheckpointAsync("other", Cancellation));
        Assert.Null(await other.LoadCheckpointAsync("JOURNAL", Cancellation));
        await AssertCountsAsync(waiting: 1);
    }

    [Fact]
    public async Task Checkpoint_UnderALeaseThatIsLost_StoresNeitherEventsNorPosition()
    {
        await Inbox.AddAsync([], new InboxCheckpoint("journal", JournalPosition.After("p1")), Cancellation);
        JournalLease lost = await AcquireAsync("one", Brief);
        await AdvancePastBriefAsync();
        JournalLease lease = await AcquireAsync("two", Ample);

        await Assert.ThrowsAsync<JournalLeaseLostException>(async () => await Inbox.AddAsync([Message("a")], new InboxCheckpoint("journal", JournalPosition.After("p2"), lost), Cancellation));

        await AssertCountsAsync();
        Assert.Equal(JournalPosition.After("p1"), await Inbox.LoadCheckpointAsync("journal", Cancellation));
        Assert.Equal(1, await Inbox.AddAsync([Message("a")], new InboxCheckpoint("journal", JournalPosition.After("p2"), lease), Cancellation));
    }
}
