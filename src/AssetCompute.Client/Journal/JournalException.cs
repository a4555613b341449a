namespace AssetCompute.Client;

/// <summary>
/// Reading the journal ended. Either it failed too often in a row and can continue at <see cref="Position"/>, or that position expired or belongs to a
/// journal that the client no longer has.
/// </summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class JournalException(string message, Exception? innerException = null) : AssetComputeException(message, innerException)
{
    /// <summary>The last position of the reader. All earlier events were delivered.</summary>
    public JournalPosition Position { get; init; }

    /// <summary>
    /// Whether no retry can continue at <see cref="Position"/>, because the position expired or its journal no longer exists. Default: false.
    /// </summary>
    public bool PositionIsLost { get; init; }
}
