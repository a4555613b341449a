namespace AssetCompute.Client;

/// <summary>
/// Stores how far a journal has been handled, so that the next process continues there. Each name has one writer at a time.
/// </summary>
public interface IJournalCheckpointStore
{
    /// <summary>Loads the last saved position of a name.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The position; null if none has been saved.</returns>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be read, or another process uses its name.</exception>
    ValueTask<JournalPosition?> LoadAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Saves a position under a name. When the call returns, the position survives the end of the process, and also a crash.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="position">The position before which everything is handled.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be written, or another process uses its name.</exception>
    ValueTask SaveAsync(string name, JournalPosition position, CancellationToken cancellationToken = default);
}
