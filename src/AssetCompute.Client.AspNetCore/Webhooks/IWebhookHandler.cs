namespace AssetCompute.Client.Webhooks;

/// <summary>Stores the events of a delivery. Handle them later: Adobe waits 10 seconds for the answer.</summary>
/// <remarks>
/// When <see cref="HandleAsync"/> returns, the delivery is answered with 200 and never sent again. After an exception or a timeout, it is answered with 503,
/// and Adobe sends it again with all its events. The handler must therefore be idempotent.
/// </remarks>
public interface IWebhookHandler
{
    /// <summary>Stores the events of one delivery.</summary>
    /// <param name="events">The events, at least one.</param>
    /// <param name="cancellationToken">Canceled when the answer timeout has passed, when the sender has disconnected, or when the application stops.</param>
    ValueTask HandleAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancellationToken);
}
