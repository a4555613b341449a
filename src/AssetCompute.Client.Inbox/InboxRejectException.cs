namespace AssetCompute.Client.Inbox;

/// <summary>Thrown by a handler for an event that no further attempt can handle. The event becomes a dead letter immediately.</summary>
/// <param name="message">The reason, which is kept with the event. It must not contain a secret.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class InboxRejectException(string message, Exception? innerException = null) : Exception(message, innerException);
