namespace AssetCompute.Client;

/// <summary>Handles the entries of a journal in batches. Registered with <c>AddJournalBatchProcessor</c>; each call gets a scope of its own.</summary>
/// <remarks>
/// Entries may come again after a crash, so handling one twice must do no harm. An exception lets the whole batch be tried again, up to
/// <see cref="JournalProcessorOptions.MaxAttempts"/>.
/// </remarks>
public interface IJournalBatchHandler
{
    /// <summary>Handles a batch. When this returns, all of its entries count as handled and may be committed.</summary>
    /// <param name="entries">At least one entry, in the order of the journal.</param>
    /// <param name="cancellationToken">Cancelled when the application stops and the time to drain is over.</param>
    ValueTask HandleAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken);
}
