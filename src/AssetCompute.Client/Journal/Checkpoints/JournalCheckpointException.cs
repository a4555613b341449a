namespace AssetCompute.Client;

/// <summary>
/// A checkpoint cannot be read or written. No event is lost: what was handled since the last one is handled again.
/// </summary>
public sealed class JournalCheckpointException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause. Default: none.</param>
    public JournalCheckpointException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
