namespace AssetCompute.Client;

/// <summary>Publishes the events of a journal elsewhere, such as to a message broker, for a journal relay.</summary>
public interface IJournalSink
{
    /// <summary>Publishes a page of events.</summary>
    /// <remarks>
    /// The checkpoint moves behind the page when this returns. After an exception the page comes again, without a limit of attempts. Delivery is at least once: publish each event under
    /// <see cref="JournalEntry.Id"/>, so that the broker or the handler drops a repeated one.
    /// </remarks>
    /// <param name="page">The events, one at least.</param>
    /// <param name="cancellationToken">Cancelled when the application stops, or when the lease is lost.</param>
    ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken);
}
