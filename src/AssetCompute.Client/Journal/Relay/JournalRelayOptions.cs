namespace AssetCompute.Client;

/// <summary>Options of a journal relay.</summary>
public sealed class JournalRelayOptions : JournalConsumerOptions
{
    /// <summary>The maximum number of events to publish together; 1 to 10,000. Default: 1,000. Events are not held back to fill a batch.</summary>
    public int BatchSize { get; set; } = 1000;

    /// <summary>
    /// Returns whether to publish an event. Default: all events are published. An exception thrown here counts as a failed read, and is retried.
    /// </summary>
    public Func<AdobeEvent, bool>? Filter { get; set; }

    /// <summary>
    /// How long a lease lasts; 1 second to 1 hour. Default: 6 seconds. The reader renews it after each third of this time, and the other processes try to
    /// acquire it just as often. If the reader crashes, another process takes over after at most four thirds of this time.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(6);

    internal override IEnumerable<string?> Check() =>
    [
        .. base.Check(),
        Demand(BatchSize is > 0 and <= 10_000, $"{nameof(BatchSize)} must be 1 to 10,000."),
        Demand(LeaseDuration >= TimeSpan.FromSeconds(1) && LeaseDuration <= TimeSpan.FromHours(1), $"{nameof(LeaseDuration)} must be 1 second to 1 hour."),
    ];
}
