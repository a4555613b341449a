namespace AssetCompute.Client;

/// <summary>Options of a journal relay.</summary>
public sealed class JournalRelayOptions
{
    /// <summary>Where to start when no position is saved yet. Default: <see cref="JournalPosition.Oldest"/>.</summary>
    public JournalPosition Start { get; set; }

    /// <summary>The URL of the journal. Default: none, which is the journal that <c>/register</c> gives the client.</summary>
    public Uri? Journal { get; set; }

    /// <summary>How many events a page of the journal may have; 1 to 10,000. Default: <see cref="JournalOptions.PageSize"/>.</summary>
    public int? PageSize { get; set; }

    /// <summary>The most events to publish together; 1 to 10,000. Default: 1,000. Events are not held back to fill a batch.</summary>
    public int BatchSize { get; set; } = 1000;

    /// <summary>
    /// What to do when the position has expired. Default: <see cref="JournalOptions.OnExpired"/>. With <see cref="ExpiredPositionPolicy.Throw"/> reading
    /// ends with the exception, and the host with it.
    /// </summary>
    public ExpiredPositionPolicy? OnExpired { get; set; }

    /// <summary>Which events are published. Default: all. An exception thrown here counts as a failed read, and is tried again.</summary>
    public Func<AdobeEvent, bool>? Filter { get; set; }

    /// <summary>Notification callback: retries, gaps, caught up. Default: none. An exception thrown here counts as a failed read, and is tried again.</summary>
    public Action<JournalNotice>? OnNotice { get; set; }

    /// <summary>
    /// For how long a process holds the right to read the journal; 1 second to 1 hour. Default: 6 seconds. It is renewed every third of it, and the other processes ask for it every third of it:
    /// another one reads at the latest one and a third of it after the reader has died.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>The wait after the journal, the sink or the store has failed; it doubles with each failure, and has jitter. Zero to <see cref="MaxRetryDelay"/>. Default: 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait after a failure; up to 1 day. Default: 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After what time without a good read the health check calls the reading stalled; over zero. Default: 5 minutes.</summary>
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(5);
}
