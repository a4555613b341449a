namespace AssetCompute.Client;

/// <summary>
/// Reading the journal ended: it failed too often in a row and can be continued at <see cref="Position"/>, or that position expired or belongs to a journal that
/// the client does not have any more.
/// </summary>
public sealed class JournalException : AssetComputeException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public JournalException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Where reading stood: everything before it was delivered.</summary>
    public JournalPosition Position { get; init; }

    /// <summary>Whether reading cannot continue at <see cref="Position"/>, however often it is tried: the position expired, or its journal is gone. Default: false.</summary>
    public bool PositionIsLost { get; init; }
}
