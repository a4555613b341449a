namespace AssetCompute.Client;

/// <summary>
/// A checkpoint cannot be read or written. No event is lost: what was handled since the last one is handled again.
/// </summary>
public sealed class JournalCheckpointException : IOException
{
    /// <summary>A failed checkpoint without details.</summary>
    public JournalCheckpointException()
    {
    }

    /// <summary>A failed checkpoint.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public JournalCheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>A failed checkpoint.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public JournalCheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
