namespace AssetCompute.Client;

/// <summary>Publishes the events of a journal, for example to a message broker, for a journal relay.</summary>
public interface IJournalSink
{
    /// <summary>Publishes a page of events.</summary>
    /// <remarks>
    /// When this returns, the checkpoint moves after the page. After an exception the page is retried, without a limit of attempts. Delivery is at least
    /// once: publish each event under <see cref="JournalEntry.Id"/>, so that the broker or the handler drops a repeated one.
    /// </remarks>
    /// <param name="page">The events, at least one; or an event that the reader skips.</param>
    /// <param name="cancellationToken">Canceled when the application stops, or when the lease is lost.</param>
    ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken);
}
