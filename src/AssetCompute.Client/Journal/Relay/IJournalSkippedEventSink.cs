namespace AssetCompute.Client;

/// <summary>A sink that also keeps the events that the reader skips, such as in a list of dead letters.</summary>
public interface IJournalSkippedEventSink : IJournalSink
{
    /// <summary>Keeps an event that is too large or nested too deep to be published.</summary>
    /// <remarks>The checkpoint moves behind the event when this returns. After an exception the event comes again, without a limit of attempts.</remarks>
    /// <param name="skipped">The event, and why it is skipped.</param>
    /// <param name="cancellationToken">Cancelled when the application stops, or when the lease is lost.</param>
    ValueTask KeepAsync(JournalEventSkipped skipped, CancellationToken cancellationToken);
}
