namespace AssetCompute.Client.Inbox;

/// <summary>
/// Stores the events of a journal in an inbox, together with the position. Events that the reader skips become dead letters. The inbox also stores the leases
/// of the journal.
/// </summary>
internal sealed class InboxSink(IEventInbox inbox) : IJournalSink, IJournalRelayStore
{
    public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken)
    {
        InboxMessage[] messages = page.Skipped is { } skipped
            ? [new InboxMessage(skipped.Entry.Id, skipped.Entry.Raw) { DeadLetterReason = skipped.Reason }]
            : [.. page.Entries.Select(static entry => new InboxMessage(entry.Id, entry.Raw))];
        await inbox.AddAsync(messages, new InboxCheckpoint(page.Name, page.Position, page.Lease), cancellationToken).ConfigureAwait(false);
        page.IsSaved = true;
    }

    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => inbox.LoadCheckpointAsync(name, cancellationToken);

    public ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default) =>
        inbox.SaveCheckpointAsync(name, position, lease, cancellationToken);

    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        inbox.TryAcquireLeaseAsync(name, owner, duration, cancellationToken);

    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => inbox.ReleaseLeaseAsync(lease, cancellationToken);
}
