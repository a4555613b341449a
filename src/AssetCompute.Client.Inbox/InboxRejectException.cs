namespace AssetCompute.Client.Inbox;

/// <summary>A handler throws this for an event that no further attempt can handle: it becomes a dead letter at once.</summary>
/// <param name="message">Why; kept with the event. It must not contain a secret.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class InboxRejectException(string message, Exception? innerException = null) : Exception(message, innerException);
