namespace AssetCompute.Client;

/// <summary>Options for reading the event journal of a client. A call can override some of them.</summary>
public sealed class JournalOptions
{
    /// <summary>The maximum number of events in a page; 1 to 10,000. Default: none, chosen by the service.</summary>
    public int? PageSize { get; set; }

    /// <summary>
    /// The wait after a read without new events. It doubles with each such read, up to <see cref="MaxPollInterval"/>. A longer
    /// <c>retry-after</c> of the service, usually 10 seconds, takes precedence. Default: 2 seconds.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The maximum wait after a read without new events, unless the service asks for more. Default: 10 seconds.</summary>
    public TimeSpan MaxPollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The number of consecutive failed reads after which reading ends with a <see cref="JournalException"/>. Each attempt starts where
    /// the last successful page ended, so a failure loses no event. Default: 10.
    /// </summary>
    public int MaxConsecutiveFailures { get; set; } = 10;

    /// <summary>The wait before the first retry. It doubles with each retry and has jitter. Default: 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum wait between two attempts, unless the service asks for more. Default: 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum <c>Retry-After</c>. When the service asks for more, reading ends immediately with a <see cref="JournalException"/>. Default: 5 minutes.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The maximum time without data in the middle of a page, after which the read has failed. A slow page has no other time limit: its events are delivered as they
    /// arrive, and the position moves with them. Default: 30 seconds.
    /// </summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What to do when the position has expired (after seven days), or the client was registered again and has another journal. Default: <see cref="ExpiredPositionPolicy.Throw"/>.</summary>
    public ExpiredPositionPolicy OnExpired { get; set; } = ExpiredPositionPolicy.Throw;

    /// <summary>The maximum time to wait after the registration until a new journal answers. Adobe documents 45 seconds. Default: 2 minutes.</summary>
    public TimeSpan ReadinessTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The maximum size of an event in bytes. A larger event is skipped. Default: 4 MiB.</summary>
    public int MaxEventBytes { get; set; } = 4 * 1024 * 1024;
}
