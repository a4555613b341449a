using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Stores the events of deliveries in an inbox: each once, however often it is delivered, and where the event itself has an id, whether or not it comes by the journal too.
/// </summary>
/// <param name="inbox">The inbox.</param>
public sealed class InboxWebhookHandler(IEventInbox inbox) : IWebhookHandler
{
    private readonly IEventInbox _inbox = inbox ?? throw new ArgumentNullException(nameof(inbox));

    /// <inheritdoc/>
    public async ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        InboxMessage[] messages = [.. events.Select(static received => new InboxMessage(received.Id, received.Raw))];
        await _inbox.AddAsync(messages, checkpoint: null, cancellationToken).ConfigureAwait(false);
    }
}
