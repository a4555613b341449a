namespace AssetCompute.Client.Inbox;

/// <summary>The store of an inbox cannot be reached or used. Nothing has changed, or the change is safe to repeat: try again.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class InboxException(string message, Exception? innerException = null) : IOException(message, innerException);
