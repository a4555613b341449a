namespace AssetCompute.Client;

/// <summary>Handles the entries of a journal one by one. Register it with <c>AddJournalProcessor</c>; each call gets its own scope.</summary>
/// <remarks>
/// An entry may be repeated after a crash, so handling must be idempotent. After an exception, the entry is retried, up to
/// <see cref="JournalProcessorOptions.MaxAttempts"/>.
/// </remarks>
public interface IJournalHandler
{
    /// <summary>Handles one entry. When this returns, the entry counts as handled and may be committed.</summary>
    /// <param name="entry">The position and the event.</param>
    /// <param name="cancellationToken">Canceled when the application stops and the drain timeout has passed.</param>
    ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken);
}
