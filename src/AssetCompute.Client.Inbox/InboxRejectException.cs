namespace AssetCompute.Client.Inbox;

/// <summary>Thrown by a handler for an event that no further attempt can handle: it is a dead letter at once.</summary>
/// <param name="message">Why; kept with the event. It must hold no secret.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class InboxRejectException(string message, Exception? innerException = null) : Exception(message, innerException);
