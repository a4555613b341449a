namespace AssetCompute.Client;

/// <summary>The options common to a journal processor and a journal relay.</summary>
public abstract class JournalConsumerOptions
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private protected JournalConsumerOptions()
    {
    }

    /// <summary>Where to start if no position has been saved. Default: <see cref="JournalPosition.Oldest"/>.</summary>
    public JournalPosition Start { get; set; }

    /// <summary>The URL of the journal. Default: none, which is the journal that <c>/register</c> gives the client.</summary>
    public Uri? Journal { get; set; }

    /// <summary>
    /// What to do when the position has expired. Default: <see cref="JournalOptions.OnExpired"/>. With <see cref="ExpiredPositionPolicy.Throw"/>, reading
    /// ends with the exception, which also stops the host.
    /// </summary>
    public ExpiredPositionPolicy? OnExpired { get; set; }

    /// <summary>
    /// Notification callback: retries, gaps, skipped events, caught up. Default: none. An exception thrown here ends a processor; a relay retries.
    /// </summary>
    public Action<JournalNotice>? OnNotice { get; set; }

    /// <summary>
    /// The wait after the first failure. It doubles with each failure, with jitter. Zero to <see cref="MaxRetryDelay"/>. Default: 1 second.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait after a failure; up to 1 day. Default: 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time without a successful read, or with the same entry at the handler, after which the health check reports a failure; over zero, up to 1 day. Default: 5 minutes.
    /// </summary>
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(5);

    internal JournalReadOptions ToReadOptions() => new() { Journal = Journal, OnExpired = OnExpired };

    /// <summary>Returns the errors of the options. An item is null if its check passes.</summary>
    internal virtual IEnumerable<string?> Check() =>
    [
        Demand(Journal is null || SecureUrl.IsValid(Journal), $"{nameof(Journal)} must be an absolute https URL; http is allowed to a loopback address."),
        Demand(OnExpired is null or (>= ExpiredPositionPolicy.Throw and <= ExpiredPositionPolicy.Latest), $"{nameof(OnExpired)} must be {nameof(ExpiredPositionPolicy.Throw)}, {nameof(ExpiredPositionPolicy.Oldest)} or {nameof(ExpiredPositionPolicy.Latest)}."),
        Demand(RetryDelay >= TimeSpan.Zero, $"{nameof(RetryDelay)} must not be negative."),
        Demand(MaxRetryDelay >= RetryDelay && MaxRetryDelay <= s_longest, $"{nameof(MaxRetryDelay)} must be at least {nameof(RetryDelay)}, up to 1 day."),
        Demand(StalledAfter > TimeSpan.Zero && StalledAfter <= s_longest, $"{nameof(StalledAfter)} must be over zero, up to 1 day."),
    ];

    private protected static string? Demand(bool holds, string error) => holds ? null : error;
}
