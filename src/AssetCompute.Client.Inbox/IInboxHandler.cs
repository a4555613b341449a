namespace AssetCompute.Client.Inbox;

/// <summary>Handles the events of an inbox, one by one. Register it with <c>AddInboxWorkers</c>; each call gets a separate scope.</summary>
/// <remarks>
/// When <see cref="HandleAsync"/> returns, the event is completed. After an exception it is retried with a delay, up to the maximum number of attempts of the
/// workers. Then it becomes a dead letter. An event may be repeated after a crash, so the handler must be idempotent.
/// </remarks>
public interface IInboxHandler
{
    /// <summary>Handles one event.</summary>
    /// <param name="delivery">The event.</param>
    /// <param name="cancellationToken">Canceled when the event was delivered to another worker, or when the application stops and the drain timeout has
    /// passed.</param>
    ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken);
}
