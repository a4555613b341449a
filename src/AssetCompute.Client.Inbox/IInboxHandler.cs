namespace AssetCompute.Client.Inbox;

/// <summary>Works on the events of an inbox, one by one. Registered with <c>AddInboxWorkers</c>; each call gets a scope of its own.</summary>
/// <remarks>
/// When <see cref="HandleAsync"/> returns, the event is completed. An exception lets it be tried again after a delay, up to the most attempts
/// that the workers allow; then it is a dead letter. An event may come again after a crash, so handling it twice must do no harm.
/// </remarks>
public interface IInboxHandler
{
    /// <summary>Works on one event.</summary>
    /// <param name="delivery">The event.</param>
    /// <param name="cancellationToken">Cancelled when the event was handed to another worker, or the application stops and the time to drain is over.</param>
    ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken);
}
