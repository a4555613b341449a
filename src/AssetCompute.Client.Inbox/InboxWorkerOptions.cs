namespace AssetCompute.Client.Inbox;

/// <summary>How the events of an inbox are handled.</summary>
public sealed class InboxWorkerOptions
{
    /// <summary>The maximum number of parallel calls of the handler in this process; 1 to 10,000. Default: 4. With 1, events keep their order, except for those that are tried again.</summary>
    public int MaxParallelism { get; set; } = 4;

    /// <summary>
    /// How long a taken event is hidden from other workers; 1 second to 1 day. Default: 1 minute. It is renewed after each third of it while the
    /// handler runs, so it does not limit a handler: it is the time after which an event is delivered again when its process has died.
    /// </summary>
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The number of attempts before an event becomes a dead letter; over 0. Default: 10. Attempts that ended with their process count too.</summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The wait before the second attempt; it doubles with each, and has jitter. Zero to <see cref="MaxRetryDelay"/>. Default: 5 seconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two attempts; up to 1 day. Default: 10 minutes.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long to wait when nothing is due; 10 milliseconds to 1 hour. Default: 1 second. Events that this process stores wake the workers at once, if the
    /// inbox raises <see cref="IEventInbox.EventsDue"/>.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the ids of completed events are kept, so that the events are not stored again; zero or more. Default: 8 days, a day more than Adobe's journal keeps them.
    /// <see cref="TimeSpan.MaxValue"/> keeps them forever.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(8);

    /// <summary>How long handlers may continue when the application stops; zero to 1 day. Default: 20 seconds. The host's own shutdown timeout must be longer.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
