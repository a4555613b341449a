namespace AssetCompute.Client.Inbox;

/// <summary>Handles the events of an inbox, one by one. Register it with <c>AddInboxWorkers</c>; each call gets a separate scope.</summary>
/// <remarks>
/// When <see cref="HandleAsync"/> returns, the event is completed. After an exception it is tried again with a delay, up to the maximum of attempts
/// of the workers; then it becomes a dead letter. An event can come again after a crash, so the handler must be idempotent.
/// </remarks>
public interface IInboxHandler
{
    /// <summary>Handles one event.</summary>
    /// <param name="delivery">The event.</param>
    /// <param name="cancellationToken">Canceled when the event was delivered to another worker, or when the application stops and the time to drain is over.</param>
    ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken);
}
