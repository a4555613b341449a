namespace AssetCompute.Client;

/// <summary>
/// A checkpoint cannot be read or written. No event is lost: events since the last checkpoint are handled again.
/// </summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class JournalCheckpointException(string message, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>
    /// Returns only the message if there is no cause. The host logs this exception several times, and its stack adds nothing to the message.
    /// </summary>
    /// <returns>The type and the message; with a cause, also the cause and the stack.</returns>
    public override string ToString() => InnerException is null ? $"{GetType().FullName}: {Message}" : base.ToString();
}
