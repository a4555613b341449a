namespace AssetCompute.Client.Webhooks;

/// <summary>Puts the events of a delivery in a safe place. Working on them comes later: Adobe waits for 10 seconds.</summary>
/// <remarks>
/// When <see cref="HandleAsync"/> returns, the delivery is answered with 200 and never sent again. After an exception, or where it takes too long, it is
/// answered with 503 and sent again with all its events, so handling an event twice must do no harm.
/// </remarks>
public interface IWebhookHandler
{
    /// <summary>Stores the events of one delivery.</summary>
    /// <param name="events">The events, one at least.</param>
    /// <param name="cancellationToken">Cancelled when the time to answer is over, when the sender has gone, or when the receiver is disposed.</param>
    ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken);
}
