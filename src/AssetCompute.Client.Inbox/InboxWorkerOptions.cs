namespace AssetCompute.Client.Inbox;

/// <summary>Options of the workers of an inbox.</summary>
public sealed class InboxWorkerOptions
{
    /// <summary>
    /// The maximum number of parallel calls of the handler in this process; 1 to 10,000. Default: 4. With 1, events keep their order, except for retried
    /// events.
    /// </summary>
    public int MaxParallelism { get; set; } = 4;

    /// <summary>
    /// How long a taken event is hidden from other workers; 1 second to 1 day. Default: 1 minute. While the handler runs, it is renewed after each third of
    /// this time, so it does not limit a handler. If the process crashes, the event is delivered again after this time.
    /// </summary>
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The number of attempts before an event becomes a dead letter; over 0. Default: 10. Attempts that a crash of the process ended count too.
    /// </summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>
    /// The wait before the second attempt. It doubles with each attempt, and has jitter. Zero to <see cref="MaxRetryDelay"/>. Default: 5 seconds.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two attempts; up to 1 day. Default: 10 minutes.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long to wait when nothing is due; 10 milliseconds to 1 hour. Default: 1 second. If the inbox raises <see cref="IEventInbox.EventsDue"/>, events
    /// that this process stores wake the workers immediately.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the ids of completed events are kept, so that the events are not stored again; zero or more. Default: 8 days, one day longer than Adobe's
    /// journal keeps them. <see cref="TimeSpan.MaxValue"/> keeps them forever.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(8);

    /// <summary>
    /// How long handlers may continue when the application stops; zero to 1 day. Default: 20 seconds. The shutdown timeout of the host must be longer.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
