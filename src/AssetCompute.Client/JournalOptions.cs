namespace AssetCompute.Client;

/// <summary>How the event journal of a client is read, where a call does not say otherwise.</summary>
public sealed class JournalOptions
{
    /// <summary>How many events one page may have; 1 to 10,000. Default: none, the service decides.</summary>
    public int? PageSize { get; set; }

    /// <summary>
    /// The wait after a read that brought nothing new. Default: 2 seconds. It doubles with each such read, up to
    /// <see cref="MaxPollInterval"/>, and a longer <c>retry-after</c> of the service (10 seconds as a rule) goes before it.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait after a read that brought nothing new, except where the service asks for more. Default: 10 seconds.</summary>
    public TimeSpan MaxPollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many reads in a row may fail before reading ends with a <see cref="JournalException"/>. Default: 10. The position is never
    /// lost by a failure: each further attempt starts where the last good page ended.
    /// </summary>
    public int MaxConsecutiveFailures { get; set; } = 10;

    /// <summary>The wait before the first further attempt after a failure; it doubles with each, and has jitter. Default: 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts, except where the service asks for more. Default: 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest <c>Retry-After</c> that is waited out; where the service asks for more, reading ends at once with a
    /// <see cref="JournalException"/>. Default: 5 minutes.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the journal may be silent in the middle of a page before the read counts as failed. Default: 30 seconds. A page that comes slowly has no limit of its own: what has come is
    /// delivered meanwhile, and the position moves with it.
    /// </summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What to do when the position has expired (after seven days), or the client was registered anew and has another journal. Default: <see cref="ExpiredPositionPolicy.Throw"/>.</summary>
    public ExpiredPositionPolicy OnExpired { get; set; } = ExpiredPositionPolicy.Throw;

    /// <summary>The longest time to wait for a new journal to answer after the registration. Default: 2 minutes. Adobe speaks of 45 seconds.</summary>
    public TimeSpan ReadinessTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The most bytes that one event may have; more is refused as broken. Default: 4 MiB.</summary>
    public int MaxEventBytes { get; set; } = 4 * 1024 * 1024;
}
