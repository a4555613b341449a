using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql.Worker;

/// <summary>Logs the changes that the inbox reports.</summary>
internal sealed class LoggedInbox(IEventInbox inbox, InstanceLog log) : IEventInbox
{
    public async ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default)
    {
        int added = await inbox.AddAsync(messages, checkpoint, cancellationToken);
        if (messages.Count > 0)
        {
            log.Add(InstanceLog.Stored, checkpoint!.Position.ToString());
        }

        return added;
    }

    public ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) =>
        inbox.TakeAsync(maxCount, visibilityTimeout, cancellationToken);

    public ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) =>
        inbox.RenewAsync(delivery, visibilityTimeout, cancellationToken);

    public async ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default)
    {
        bool settled = await inbox.SettleAsync(delivery, outcome, cancellationToken);
        if (outcome == InboxOutcome.Completed)
        {
            log.Add(settled ? InstanceLog.Completed : InstanceLog.Refused, delivery.Id);
        }

        return settled;
    }

    public async ValueTask<InboxCompletion> CompleteAndTakeAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        InboxCompletion completion = await inbox.CompleteAndTakeAsync(delivery, visibilityTimeout, cancellationToken);
        log.Add(completion.IsCompleted ? InstanceLog.Completed : InstanceLog.Refused, delivery.Id);
        return completion;
    }

    public ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default) => inbox.CountAsync(cancellationToken);

    public ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default) =>
        inbox.ReadDeadLettersAsync(maxCount, cancellationToken);

    public ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default) => inbox.RequeueAsync(id, cancellationToken);

    public ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default) => inbox.RemoveCompletedAsync(retention, cancellationToken);

    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => inbox.LoadCheckpointAsync(name, cancellationToken);

    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        inbox.TryAcquireLeaseAsync(name, owner, duration, cancellationToken);

    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => inbox.ReleaseLeaseAsync(lease, cancellationToken);
}
