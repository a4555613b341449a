namespace AssetCompute.Client;

/// <summary>Handles the entries of a journal in batches. Register it with <c>AddJournalBatchProcessor</c>; each call gets its own scope.</summary>
/// <remarks>
/// Entries may be repeated after a crash, so handling must be idempotent. After an exception, the whole batch is retried, up to
/// <see cref="JournalProcessorOptions.MaxAttempts"/>.
/// </remarks>
public interface IJournalBatchHandler
{
    /// <summary>Handles a batch. When this returns, all its entries count as handled and may be committed.</summary>
    /// <param name="entries">At least one entry, in the order of the journal.</param>
    /// <param name="cancellationToken">Canceled when the application stops and the drain timeout has passed.</param>
    ValueTask HandleAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken);
}
