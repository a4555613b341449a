namespace AssetCompute.Client;

/// <summary>
/// Reads a journal of Adobe I/O Events: the client's own, or any other.
/// </summary>
/// <remarks>
/// Source: the Journaling API page of Adobe I/O Events. Delivery is at least once, and the order is not guaranteed: the reader drops
/// an entry whose position it has just delivered, and a handler should still bear an event that comes twice.
/// </remarks>
public interface IJournalReader
{
    /// <summary>
    /// The entries of the journal, from <paramref name="start"/> on, for ever: when there is nothing new, the reader polls.
    /// </summary>
    /// <remarks>
    /// A failed read never moves the position and never ends the reading, before <see cref="JournalOptions.MaxConsecutiveFailures"/>. The
    /// next page is fetched while the caller handles this one. The client registers by itself where the journal is its own.
    /// </remarks>
    /// <param name="start">Where to start. Default: at the oldest event there is.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading, also in the middle of a wait, with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The entries, in the order of the journal.</returns>
    /// <exception cref="JournalException">Reading failed too often in a row, or the position has expired, or is one of a journal that the client does not have any more. It holds the last position.</exception>
    IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalPosition start = default,
        JournalReadOptions? options = null,
        CancellationToken cancellationToken = default);
}
