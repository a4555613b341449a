using System.Collections.Concurrent;
using System.Text;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>The contract of every inbox: each statement of <see cref="IEventInbox"/>. A class for each store opens the inbox and advances the time.</summary>
public abstract partial class EventInboxContract : IAsyncLifetime
{
    private IEventInbox? _inbox;

    /// <summary>A time that expires in a test. Short where <see cref="AdvanceAsync"/> really waits, but long enough for a few calls.</summary>
    protected virtual TimeSpan Brief => TimeSpan.FromSeconds(30);

    /// <summary>A time that doesn't expire in a test.</summary>
    protected static TimeSpan Ample => TimeSpan.FromHours(1);

    /// <summary>The current time of the inbox's clock. A real clock can differ by a few seconds.</summary>
    protected abstract DateTimeOffset Now { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected IEventInbox Inbox => _inbox ?? throw new InvalidOperationException("The test has not begun.");

    public virtual async ValueTask InitializeAsync() => _inbox = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Opens an inbox on the store of this test. Each call returns another instance if the store allows it, as in another process.</summary>
    protected abstract ValueTask<IEventInbox> OpenAsync();

    /// <summary>Advances the time of the inbox.</summary>
    protected abstract Task AdvanceAsync(TimeSpan duration);

    /// <summary>Advances the time past the end of <see cref="Brief"/>.</summary>
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
