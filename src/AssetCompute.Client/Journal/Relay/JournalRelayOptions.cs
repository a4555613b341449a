namespace AssetCompute.Client;

/// <summary>Options of a journal relay.</summary>
public sealed class JournalRelayOptions : JournalConsumerOptions
{
    /// <summary>The maximum number of events to publish together; 1 to 10,000. Default: 1,000. Events are not held back to fill a batch.</summary>
    public int BatchSize { get; set; } = 1000;

    /// <summary>Returns whether an event is published. Default: all are. An exception thrown here counts as a failed read, and is tried again.</summary>
    public Func<AdobeEvent, bool>? Filter { get; set; }

    /// <summary>
    /// For how long a process holds the right to read the journal; 1 second to 1 hour. Default: 6 seconds. It is renewed every third of it, and the other processes ask for it every third of it:
    /// another one reads at the latest one and a third of it after the reader has died.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(6);

    internal override IEnumerable<string?> Check() =>
    [
        .. base.Check(),
        Demand(BatchSize is > 0 and <= 10_000, $"{nameof(BatchSize)} must be 1 to 10,000."),
        Demand(LeaseDuration >= TimeSpan.FromSeconds(1) && LeaseDuration <= TimeSpan.FromHours(1), $"{nameof(LeaseDuration)} must be 1 second to 1 hour."),
    ];
}
