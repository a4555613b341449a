namespace AssetCompute.Client;

/// <summary>Handles the entries of a journal one by one. Registered with <c>AddJournalProcessor</c>; each call gets a scope of its own.</summary>
/// <remarks>
/// An entry may come again after a crash, so handling it twice must do no harm. An exception lets the entry be tried again, up to
/// <see cref="JournalProcessorOptions.MaxAttempts"/>.
/// </remarks>
public interface IJournalHandler
{
    /// <summary>Handles one entry. When this returns, the entry counts as handled and may be committed.</summary>
    /// <param name="entry">The position and the event.</param>
    /// <param name="cancellationToken">Cancelled when the application stops and the time to drain is over.</param>
    ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken);
}
