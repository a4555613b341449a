namespace AssetCompute.Client.Inbox;

/// <summary>Stores the events of a journal in an inbox, together with the position. Events that the reader skips become dead letters.</summary>
internal sealed class InboxSink(IEventInbox inbox) : IJournalSkippedEventSink
{
    public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken)
    {
        InboxMessage[] messages = [.. page.Entries.Select(static entry => new InboxMessage(entry.Id, entry.Raw))];
        await inbox.AddAsync(messages, new InboxCheckpoint(page.Name, page.Position, page.Lease), cancellationToken).ConfigureAwait(false);
        page.IsSaved = true;
    }

    // Without the position, which is saved next: the event's id makes it safe to repeat.
    public async ValueTask KeepAsync(JournalEventSkipped skipped, CancellationToken cancellationToken) =>
        await inbox.AddAsync([new InboxMessage(skipped.Entry.Id, skipped.Entry.Raw) { DeadLetterReason = skipped.Reason }], checkpoint: null, cancellationToken).ConfigureAwait(false);
}
