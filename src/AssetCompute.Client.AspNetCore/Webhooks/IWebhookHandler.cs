namespace AssetCompute.Client.Webhooks;

/// <summary>Stores the events of a delivery. Handle them later: Adobe waits 10 seconds for the answer.</summary>
/// <remarks>
/// When <see cref="HandleAsync"/> returns, the delivery is answered with 200 and never sent again. After an exception, or where it takes too long, it is
/// answered with 503 and sent again with all its events, so handling an event twice must do no harm.
/// </remarks>
public interface IWebhookHandler
{
    /// <summary>Stores the events of one delivery.</summary>
    /// <param name="events">The events, one at least.</param>
    /// <param name="cancellationToken">Cancelled when the time to answer is over, when the sender has gone, or when the application stops.</param>
    ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken);
}
