namespace AssetCompute.Client;

/// <summary>
/// Reading the journal ended: it failed too often in a row, and can go on at <see cref="Position"/>; or that position has expired, or is one of a journal that
/// the client does not have any more.
/// </summary>
public sealed class JournalException : AssetComputeException
{
    /// <summary>A failed call without details.</summary>
    public JournalException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public JournalException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Where reading stood: everything before it was delivered.</summary>
    public JournalPosition Position { get; init; }

    /// <summary>Whether reading cannot go on at <see cref="Position"/>, however often it is tried: the position has expired, or its journal is gone. Default: false.</summary>
    public bool PositionIsLost { get; init; }
}
