namespace AssetCompute.Client;

/// <summary>
/// Keeps how far a journal has been handled, so that the next process goes on there. One writer at a time under each name.
/// </summary>
public interface IJournalCheckpointStore
{
    /// <summary>The position saved last under a name.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The position; null where none was saved yet.</returns>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be read, or another process works under its name.</exception>
    ValueTask<JournalPosition?> LoadAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Saves a position under a name. When this returns, it outlives the end of the process, however that comes.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="position">The position that everything before is handled.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be written, or another process works under its name.</exception>
    ValueTask SaveAsync(string name, JournalPosition position, CancellationToken cancellationToken = default);
}
