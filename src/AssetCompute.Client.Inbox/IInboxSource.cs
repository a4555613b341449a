namespace AssetCompute.Client.Inbox;

/// <summary>An inbox whose content can be imported into another one. Stop its readers and workers first.</summary>
public interface IInboxSource
{
    /// <summary>Reads all events, open and ended, in the order in which they were stored.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InboxException">The store cannot be used.</exception>
    IAsyncEnumerable<InboxRecord> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the positions of all journals.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The positions by the names of their checkpoints.</returns>
    /// <exception cref="InboxException">The store cannot be used.</exception>
    ValueTask<IReadOnlyDictionary<string, JournalPosition>> ReadCheckpointsAsync(CancellationToken cancellationToken = default);
}
