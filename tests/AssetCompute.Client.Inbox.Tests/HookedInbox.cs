using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>An inbox that notifies a test of each call, and that can fail. It reports due events only when the test triggers the notification.</summary>
internal sealed class HookedInbox(IEventInbox inner) : IEventInbox
{
    public event EventHandler? EventsDue;

    /// <summary>Called with the name of the method before the call. The call throws its exceptions.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Called with the name of the method after the call.</summary>
    public Func<string, Task>? After { get; set; }

    /// <summary>Called with the call's cancellation token before an event is settled.</summary>
    public Func<CancellationToken, Task>? Settling { get; set; }

    /// <summary>Whether another worker owns each event when its renewal is due.</summary>
    public bool LosesEvents { get; set; }

    public void Notify() => EventsDue?.Invoke(this, EventArgs.Empty);

    public ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(AddAsync), () => inner.AddAsync(messages, checkpoint, cancellationToken));

    public ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(TakeAsync), () => inner.TakeAsync(maxCount, visibilityTimeout, cancellationToken));

    public ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(RenewAsync), () => LosesEvents ? new ValueTask<bool>(false) : inner.RenewAsync(delivery, visibilityTimeout, cancellationToken));

    public ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(SettleAsync), async () =>
        {
            await (Settling?.Invoke(cancellationToken) ?? Task.CompletedTask);
            return await inner.SettleAsync(delivery, outcome, cancellationToken);
        });

    public ValueTask<InboxCompletion> CompleteAndTakeAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(SettleAsync), async () =>
        {
            await (Settling?.Invoke(cancellationToken) ?? Task.CompletedTask);
            return await inner.CompleteAndTakeAsync(delivery, visibilityTimeout, cancellationToken);
        });

    public ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default) => CallAsync(nameof(CountAsync), () => inner.CountAsync(cancellationToken));

    public ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default) => inner.ReadDeadLettersAsync(maxCount, cancellationToken);

    public ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default) => inner.RequeueAsync(id, cancellationToken);

    public ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(RemoveCompletedAsync), () => inner.RemoveCompletedAsync(retention, cancellationToken));

    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(LoadCheckpointAsync), () => inner.LoadCheckpointAsync(name, cancellationToken));

    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        CallAsync(nameof(TryAcquireLeaseAsync), () => inner.TryAcquireLeaseAsync(name, owner, duration, cancellationToken));

    public async ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) =>
        await CallAsync(nameof(ReleaseLeaseAsync), async () =>
        {
            await inner.ReleaseLeaseAsync(lease, cancellationToken);
            return true;
        });

    private async ValueTask<T> CallAsync<T>(string method, Func<ValueTask<T>> call)
    {
        await (Before?.Invoke(method) ?? Task.CompletedTask);
        T result = await call();
        await (After?.Invoke(method) ?? Task.CompletedTask);
        return result;
    }
}
