namespace AssetCompute.Client.Inbox;

/// <summary>How the events of an inbox are handled.</summary>
public sealed class InboxWorkerOptions
{
    /// <summary>How many calls of the handler may run at once in this process; 1 to 10,000. Default: 4. With 1 the order is kept, but for events that are tried again.</summary>
    public int MaxParallelism { get; set; } = 4;

    /// <summary>
    /// For how long an event that was taken is hidden from other workers; 1 second to 1 day. Default: 1 minute. It is renewed every third of it while the
    /// handler runs, so this is not the longest time for a handler, but the time after which an event is handed out again when its process has died.
    /// </summary>
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often an event is tried before it is a dead letter; over 0. Default: 10. Attempts that ended with their process count too.</summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The wait before the second attempt; it doubles with each, and has jitter. Zero to <see cref="MaxRetryDelay"/>. Default: 5 seconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two attempts; up to 1 day. Default: 10 minutes.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long to wait when nothing is due; 10 milliseconds to 1 hour. Default: 1 second. Events that are stored by this process wake the workers at once, where the
    /// inbox raises <see cref="IEventInbox.EventsDue"/>.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long completed events are remembered, so that they are not stored again; zero or more. Default: 8 days, a day more than Adobe's journal keeps them.
    /// <see cref="TimeSpan.MaxValue"/> keeps them for ever.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(8);

    /// <summary>How long handlers may go on when the application stops; zero to 1 day. Default: 20 seconds. The host's own shutdown timeout must be longer.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
