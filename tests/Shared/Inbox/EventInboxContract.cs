using System.Collections.Concurrent;
using System.Text;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>What every inbox promises: each sentence of <see cref="IEventInbox"/>. A class for each store says how it is opened and how time goes by.</summary>
public abstract partial class EventInboxContract : IAsyncLifetime
{
    private IEventInbox? _inbox;

    /// <summary>A time that is meant to run out in a test; short where <see cref="AdvanceAsync"/> really waits, but long enough for a few calls.</summary>
    protected virtual TimeSpan Brief => TimeSpan.FromSeconds(30);

    /// <summary>A time that is not meant to run out in a test.</summary>
    protected static TimeSpan Ample => TimeSpan.FromHours(1);

    /// <summary>The time by the clock of the inbox; a real clock may be off by a few seconds.</summary>
    protected abstract DateTimeOffset Now { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected IEventInbox Inbox => _inbox ?? throw new InvalidOperationException("The test has not begun.");

    public virtual async ValueTask InitializeAsync() => _inbox = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>An inbox on the store of this test: another instance at each call, as another process would have, where the store allows it.</summary>
    protected abstract ValueTask<IEventInbox> OpenAsync();

    /// <summary>Lets a time go by for the inbox.</summary>
    protected abstract Task AdvanceAsync(TimeSpan duration);

    /// <summary>Past the end of <see cref="Brief"/>.</summary>
    protected Task AdvancePastBriefAsync() => AdvanceAsync(Brief + TimeSpan.FromMilliseconds(Brief.TotalMilliseconds / 10));

    protected static InboxMessage Message(string id) => new(id, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""));

    protected static InboxMessage[] Messages(int first, int count) => [.. Enumerable.Range(first, count).Select(i => Message($"event-{i:D6}"))];

    protected ValueTask<int> AddAsync(params string[] ids) => Inbox.AddAsync([.. ids.Select(Message)], cancellationToken: Cancellation);

    protected async Task<InboxDelivery> TakeOneAsync(TimeSpan? visibilityTimeout = null) =>
        Assert.Single(await Inbox.TakeAsync(1, visibilityTimeout ?? Ample, Cancellation));

    protected async Task<string[]> TakeIdsAsync(int maxCount = 100) =>
        [.. (await Inbox.TakeAsync(maxCount, Ample, Cancellation)).Select(delivery => delivery.Id)];

    protected ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome) => Inbox.SettleAsync(delivery, outcome, Cancellation);

    protected async Task AssertCountsAsync(long waiting = 0, long taken = 0, long completed = 0, long deadLetters = 0) =>
        Assert.Equal(new InboxCounts(waiting, taken, completed, deadLetters), await Inbox.CountAsync(Cancellation));

    protected async Task AssertNothingIsDueAsync() => Assert.Empty(await Inbox.TakeAsync(100, Ample, Cancellation));
}
