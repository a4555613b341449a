namespace AssetCompute.Client;

/// <summary>
/// Reads the client's own journal of Adobe I/O Events, or any other journal.
/// </summary>
/// <remarks>
/// Source: the Journaling API page of Adobe I/O Events. Delivery is at least once, and the order is not guaranteed. The reader drops an entry whose position
/// it has just delivered. A handler must still tolerate a repeated event.
/// </remarks>
public interface IJournalReader
{
    /// <summary>
    /// Reads the entries of the journal from <paramref name="start"/> without end. When there is nothing new, the reader polls.
    /// </summary>
    /// <remarks>
    /// A failed read never moves the position. Reading ends only after <see cref="JournalOptions.MaxConsecutiveFailures"/> failures in a row. The reader
    /// fetches the next page while the caller handles this one. If the journal is the client's own, the client registers automatically.
    /// </remarks>
    /// <param name="start">Where to start. Default: at the oldest event.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading, also during a wait, with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The entries, in the order of the journal.</returns>
    /// <exception cref="JournalException">Reading failed too often in a row, the position expired, or the position belongs to a journal that the client no
    /// longer has. The exception has the last position.</exception>
    IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalPosition start = default,
        JournalReadOptions? options = null,
        CancellationToken cancellationToken = default);
}
