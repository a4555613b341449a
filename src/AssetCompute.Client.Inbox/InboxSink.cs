namespace AssetCompute.Client.Inbox;

/// <summary>Stores the events of a journal in an inbox, together with the position. Events that the reader skips become dead letters.</summary>
internal sealed class InboxSink(IEventInbox inbox) : IJournalSink
{
    public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken)
    {
        InboxMessage[] messages = page.Skipped is { } skipped
            ? [new InboxMessage(skipped.Entry.Id, skipped.Entry.Raw) { DeadLetterReason = skipped.Reason }]
            : [.. page.Entries.Select(static entry => new InboxMessage(entry.Id, entry.Raw))];
        await inbox.AddAsync(messages, new InboxCheckpoint(page.Name, page.Position, page.Lease), cancellationToken).ConfigureAwait(false);
        page.IsSaved = true;
    }
}
