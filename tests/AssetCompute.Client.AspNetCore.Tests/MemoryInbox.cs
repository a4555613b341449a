using System.Collections.Concurrent;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.AspNetCore.Tests;

/// <summary>An inbox that only stores events, each of them once.</summary>
internal sealed class MemoryInbox : IEventInbox
{
    public ConcurrentDictionary<string, byte[]> Stored { get; } = new();

    public Exception? Failure { get; set; }

    public ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default) =>
        Failure is null ? new(messages.Count(message => Stored.TryAdd(message.Id, message.Event.ToArray()))) : throw Failure;

    public ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
