namespace AssetCompute.Client.Inbox;

/// <summary>How a journal is read into an inbox.</summary>
public sealed class JournalInboxOptions
{
    /// <summary>Where to start when the inbox has no position of the journal yet. Default: <see cref="JournalPosition.Oldest"/>. After that the inbox says it.</summary>
    public JournalPosition Start { get; set; }

    /// <summary>The URL of the journal. Default: none, which is the journal that <c>/register</c> gives the client.</summary>
    public Uri? Journal { get; set; }

    /// <summary>How many events one page may have; 1 to 10,000. Default: <see cref="JournalOptions.PageSize"/>.</summary>
    public int? PageSize { get; set; }

    /// <summary>
    /// What to do when the position has expired. Default: <see cref="JournalOptions.OnExpired"/>. With <see cref="ExpiredPositionPolicy.Throw"/> reading
    /// ends with the exception, and the host with it.
    /// </summary>
    public ExpiredPositionPolicy? OnExpired { get; set; }

    /// <summary>Which events are stored; the others are passed by. Default: all. An exception thrown here counts as a failed read, and is tried again.</summary>
    public Func<AdobeEvent, bool>? Filter { get; set; }

    /// <summary>Told what is not an event: retries, gaps, caught up. Default: nobody. An exception thrown here counts as a failed read, and is tried again.</summary>
    public Action<JournalNotice>? OnNotice { get; set; }

    /// <summary>
    /// For how long an instance holds the right to read the journal; 1 second to 1 hour. Default: 6 seconds. It is renewed every third of it, and the other instances
    /// ask for it every third of it: so another one reads at the latest one and a third of it after the reader has died.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// The wait after the journal or the inbox has failed; it doubles with each failure, and has jitter. Zero to <see cref="MaxRetryDelay"/>. Default: 1 second. What the
    /// journal's own retries get over (<see cref="JournalOptions.MaxConsecutiveFailures"/>) is no failure here.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait after a failure; up to 1 day. Default: 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After what time without a good read, or without an answer of the inbox, the health check calls the reading stalled; over zero. Default: 5 minutes.</summary>
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(5);
}
