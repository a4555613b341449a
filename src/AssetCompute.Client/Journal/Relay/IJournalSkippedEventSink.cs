namespace AssetCompute.Client;

/// <summary>A sink that also saves the events that the reader skips, for example as dead letters.</summary>
public interface IJournalSkippedEventSink : IJournalSink
{
    /// <summary>Saves an event that is too large or nested too deeply to be published.</summary>
    /// <remarks>When this returns, the checkpoint moves after the event. After an exception the event is retried, without a limit of attempts.</remarks>
    /// <param name="skipped">The event, and the reason.</param>
    /// <param name="cancellationToken">Canceled when the application stops, or when the lease is lost.</param>
    ValueTask KeepAsync(JournalEventSkipped skipped, CancellationToken cancellationToken);
}
