using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

public abstract partial class EventInboxContract
{
    [Fact]
    public async Task RemoveCompletedAsync_EventsWithinTheRetention_AreKept()
    {
        await AddAsync("a");
        await SettleAsync(await TakeOneAsync(), InboxOutcome.Completed);

        Assert.Equal(0, await Inbox.RemoveCompletedAsync(Ample, Cancellation));
        Assert.Equal(0, await Inbox.RemoveCompletedAsync(TimeSpan.MaxValue, Cancellation));

        Assert.Equal(0, await AddAsync("a"));
    }

    [Fact]
    public async Task RemoveCompletedAsync_EventsPastTheRetention_AreForgottenAndStoredAgain()
    {
        await AddAsync("old", "waiting", "taken", "dead", "new");
        InboxDelivery[] taken = [.. await Inbox.TakeAsync(5, Ample, Cancellation)];
        await SettleAsync(taken[0], InboxOutcome.Completed);
        await SettleAsync(taken[1], InboxOutcome.Returned);
        await SettleAsync(taken[3], InboxOutcome.DeadLetter("broken"));
        await AdvancePastBriefAsync();
        await SettleAsync(taken[4], InboxOutcome.Completed);

        Assert.Equal(1, await Inbox.RemoveCompletedAsync(Brief, Cancellation));

        await AssertCountsAsync(waiting: 1, taken: 1, completed: 1, deadLetters: 1);
        Assert.Equal(1, await AddAsync("old", "waiting", "taken", "dead", "new"));
    }

    [Fact]
    public async Task RemoveCompletedAsync_WithoutRetention_ForgetsAllThatAreCompleted()
    {
        await Inbox.AddAsync(Messages(0, 1200), cancellationToken: Cancellation);
        foreach (InboxDelivery delivery in await Inbox.TakeAsync(1100, Ample, Cancellation))
        {
            await SettleAsync(delivery, InboxOutcome.Completed);
        }

        Assert.Equal(1100, await Inbox.RemoveCompletedAsync(TimeSpan.Zero, Cancellation));
        await AssertCountsAsync(waiting: 100);
    }

    [Fact]
    public async Task TryAcquireLeaseAsync_HeldByAnother_IsRefused()
    {
        JournalLease lease = await AcquireAsync("one", Ample);
        IEventInbox other = await OpenAsync();

        Assert.Equal("reader", lease.Name);
        Assert.Equal("one", lease.Owner);
        Assert.Null(await other.TryAcquireLeaseAsync("reader", "two", Ample, Cancellation));
        Assert.NotNull(await other.TryAcquireLeaseAsync("another", "two", Ample, Cancellation));
    }

    [Fact]
    public async Task TryAcquireLeaseAsync_ByItsOwner_MakesItLonger()
    {
        JournalLease lease = await AcquireAsync("one", Brief);

        Assert.Equal(lease, await AcquireAsync("one", Ample));
        await AdvancePastBriefAsync();

        Assert.Null(await Inbox.TryAcquireLeaseAsync("reader", "two", Ample, Cancellation));
        await Inbox.AddAsync([Message("a")], new InboxCheckpoint("journal", JournalPosition.After("p"), lease), Cancellation);
    }

    [Fact]
    public async Task TryAcquireLeaseAsync_AfterItHasEnded_GoesToAnotherUnderAHigherFence()
    {
        JournalLease first = await AcquireAsync("one", Brief);
        await AdvancePastBriefAsync();

        JournalLease second = await AcquireAsync("two", Ample);

        Assert.True(second.Fence > first.Fence);
        Assert.Null(await Inbox.TryAcquireLeaseAsync("reader", "one", Ample, Cancellation));
    }

    [Fact]
    public async Task TryAcquireLeaseAsync_ByItsOwnerAfterItHasEnded_HasAHigherFence()
    {
        JournalLease first = await AcquireAsync("one", Brief);
        await AdvancePastBriefAsync();
        await AssertRefusedAsync(first);

        JournalLease second = await AcquireAsync("one", Ample);

        Assert.True(second.Fence > first.Fence);
        await AssertRefusedAsync(first);
        Assert.Equal(1, await Inbox.AddAsync([Message("a")], new InboxCheckpoint("journal", JournalPosition.After("p"), second), Cancellation));
    }

    [Fact]
    public async Task TryAcquireLeaseAsync_ByManyAtOnce_GivesItToOne()
    {
        IEventInbox other = await OpenAsync();
        JournalLease?[] leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () => await (i % 2 == 0 ? Inbox : other).TryAcquireLeaseAsync("reader", $"owner-{i}", Ample, Cancellation),
            Cancellation)));

        Assert.Single(leases, lease => lease is not null);
    }

    [Fact]
    public async Task ReleaseLeaseAsync_LeaseThatIsHeld_GivesItToTheNextAtOnce()
    {
        JournalLease first = await AcquireAsync("one", Ample);

        await Inbox.ReleaseLeaseAsync(first, Cancellation);
        await AssertRefusedAsync(first);
        await Inbox.ReleaseLeaseAsync(first, Cancellation);

        JournalLease second = await AcquireAsync("two", Ample);
        Assert.True(second.Fence > first.Fence);
    }

    [Fact]
    public async Task ReleaseLeaseAsync_LeaseThatIsLost_LeavesTheNewOwnersAlone()
    {
        JournalLease first = await AcquireAsync("one", Brief);
        await AdvancePastBriefAsync();
        JournalLease second = await AcquireAsync("two", Ample);

        await Inbox.ReleaseLeaseAsync(first, Cancellation);
        await Inbox.ReleaseLeaseAsync(second with { Owner = "one" }, Cancellation);
        await Inbox.ReleaseLeaseAsync(new JournalLease("nobody's", "one", 1), Cancellation);

        Assert.Null(await Inbox.TryAcquireLeaseAsync("reader", "three", Ample, Cancellation));
        Assert.Equal(second, await AcquireAsync("two", Ample));
    }

    [Fact]
    public async Task AddAsync_UnderALeaseThatNobodyHasTaken_IsRefused()
    {
        await AssertRefusedAsync(new JournalLease("reader", "one", 1));
    }

    [Fact]
    public async Task EveryMethod_CancelledToken_ThrowsAndChangesNothing()
    {
        await AddAsync("a", "dead");
        InboxDelivery delivery = await TakeOneAsync();
        await SettleAsync(await TakeOneAsync(), InboxOutcome.DeadLetter("broken"));
        JournalLease lease = await AcquireAsync("one", Ample);
        CancellationToken cancelled = new(canceled: true);

        await AssertCancelledAsync(async () => await Inbox.AddAsync([Message("b")], new InboxCheckpoint("journal", JournalPosition.Latest), cancelled));
        await AssertCancelledAsync(async () => await Inbox.TakeAsync(1, Ample, cancelled));
        await AssertCancelledAsync(async () => await Inbox.RenewAsync(delivery, Ample, cancelled));
        await AssertCancelledAsync(async () => await Inbox.SettleAsync(delivery, InboxOutcome.Completed, cancelled));
        await AssertCancelledAsync(async () => await Inbox.CountAsync(cancelled));
        await AssertCancelledAsync(async () => await Inbox.ReadDeadLettersAsync(1, cancelled));
        await AssertCancelledAsync(async () => await Inbox.RequeueAsync("dead", cancelled));
        await AssertCancelledAsync(async () => await Inbox.RemoveCompletedAsync(TimeSpan.Zero, cancelled));
        await AssertCancelledAsync(async () => await Inbox.LoadCheckpointAsync("journal", cancelled));
        await AssertCancelledAsync(async () => await Inbox.TryAcquireLeaseAsync("another", "one", Ample, cancelled));
        await AssertCancelledAsync(async () => await Inbox.ReleaseLeaseAsync(lease, cancelled));

        await AssertCountsAsync(taken: 1, deadLetters: 1);
        Assert.Null(await Inbox.LoadCheckpointAsync("journal", Cancellation));
        Assert.Equal(lease, await AcquireAsync("one", Ample));
    }

    [Fact]
    public async Task EveryMethod_ArgumentOutOfItsRange_IsNamed()
    {
        InboxDelivery delivery = new("a", ReadOnlyMemory<byte>.Empty, 1, Now, "1");
        TimeSpan tooLong = TimeSpan.FromDays(30) + TimeSpan.FromTicks(1);

        await AssertNamedAsync<ArgumentNullException>("messages", async () => await Inbox.AddAsync(null!, cancellationToken: Cancellation));
        await AssertNamedAsync<ArgumentNullException>("messages", async () => await Inbox.AddAsync([Message("a"), null!], cancellationToken: Cancellation));
        foreach (int count in new[] { 0, -1 })
        {
            await AssertNamedAsync<ArgumentOutOfRangeException>("maxCount", async () => await Inbox.TakeAsync(count, Ample, Cancellation));
            await AssertNamedAsync<ArgumentOutOfRangeException>("maxCount", async () => await Inbox.ReadDeadLettersAsync(count, Cancellation));
        }

        foreach (TimeSpan duration in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), tooLong, TimeSpan.MaxValue })
        {
            await AssertNamedAsync<ArgumentOutOfRangeException>("visibilityTimeout", async () => await Inbox.TakeAsync(1, duration, Cancellation));
            await AssertNamedAsync<ArgumentOutOfRangeException>("visibilityTimeout", async () => await Inbox.RenewAsync(delivery, duration, Cancellation));
            await AssertNamedAsync<ArgumentOutOfRangeException>("duration", async () => await Inbox.TryAcquireLeaseAsync("a", "b", duration, Cancellation));
        }

        await AssertNamedAsync<ArgumentNullException>("delivery", async () => await Inbox.RenewAsync(null!, Ample, Cancellation));
        await AssertNamedAsync<ArgumentNullException>("delivery", async () => await Inbox.SettleAsync(null!, InboxOutcome.Completed, Cancellation));
        await AssertNamedAsync<ArgumentNullException>("outcome", async () => await Inbox.SettleAsync(delivery, null!, Cancellation));
        await AssertNamedAsync<ArgumentNullException>("id", async () => await Inbox.RequeueAsync(null!, Cancellation));
        await AssertNamedAsync<ArgumentException>("id", async () => await Inbox.RequeueAsync("", Cancellation));
        await AssertNamedAsync<ArgumentOutOfRangeException>("retention", async () => await Inbox.RemoveCompletedAsync(TimeSpan.FromTicks(-1), Cancellation));
        await AssertNamedAsync<ArgumentException>("name", async () => await Inbox.LoadCheckpointAsync("", Cancellation));
        await AssertNamedAsync<ArgumentException>("name", async () => await Inbox.TryAcquireLeaseAsync("", "b", Ample, Cancellation));
        await AssertNamedAsync<ArgumentException>("owner", async () => await Inbox.TryAcquireLeaseAsync("a", "", Ample, Cancellation));
        await AssertNamedAsync<ArgumentNullException>("lease", async () => await Inbox.ReleaseLeaseAsync(null!, Cancellation));
        await AssertCountsAsync();
    }

    private async Task<JournalLease> AcquireAsync(string owner, TimeSpan duration)
    {
        JournalLease? lease = await Inbox.TryAcquireLeaseAsync("reader", owner, duration, Cancellation);
        Assert.NotNull(lease);
        return lease;
    }

    private async Task AssertRefusedAsync(JournalLease lease)
    {
        await Assert.ThrowsAsync<JournalLeaseLostException>(async () => await Inbox.AddAsync([Message("refused")], new InboxCheckpoint("journal", JournalPosition.Latest, lease), Cancellation));
        await AssertCountsAsync();
        Assert.Null(await Inbox.LoadCheckpointAsync("journal", Cancellation));
    }

    private static async Task AssertCancelledAsync(Func<Task> call) => await Assert.ThrowsAnyAsync<OperationCanceledException>(call);

    private static async Task AssertNamedAsync<TException>(string parameter, Func<Task> call)
        where TException : ArgumentException => Assert.Equal(parameter, (await Assert.ThrowsAsync<TException>(call)).ParamName);
}
