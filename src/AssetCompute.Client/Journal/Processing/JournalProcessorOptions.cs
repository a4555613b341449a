namespace AssetCompute.Client;

/// <summary>How a journal is handled by a processor.</summary>
public sealed class JournalProcessorOptions
{
    /// <summary>
    /// Where to start when there is no checkpoint yet. Default: <see cref="JournalPosition.Oldest"/>. After that the checkpoint says it.
    /// </summary>
    public JournalPosition Start { get; set; }

    /// <summary>The URL of the journal. Default: none, which is the journal that <c>/register</c> gives the client.</summary>
    public Uri? Journal { get; set; }

    /// <summary>How many events one page may have; 1 to 10,000. Default: <see cref="JournalOptions.PageSize"/>.</summary>
    public int? PageSize { get; set; }

    /// <summary>What to do when the checkpoint has expired. Default: <see cref="JournalOptions.OnExpired"/>.</summary>
    public ExpiredPositionPolicy? OnExpired { get; set; }

    /// <summary>How many calls of the handler may run at once; over 0. Default: 1, which keeps the order of the journal.</summary>
    public int MaxParallelism { get; set; } = 1;

    /// <summary>How many entries a batch may have; over 0. Default: 100. For a handler of single entries it means nothing.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>
    /// After how many handled entries the checkpoint is saved; over 0. Default: 100. No more entries than that, or than
    /// <see cref="MaxParallelism"/> batches where those are more, are ever open or uncommitted, and so no more are handled again after a crash.
    /// </summary>
    public int CommitCount { get; set; } = 100;

    /// <summary>After what time the checkpoint is saved, where fewer entries came; over zero. Default: 1 second.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often handling is tried before the entry is a dead letter; over 0. Default: 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The wait before the second attempt; it doubles with each, and has jitter. Default: 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts. Default: 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Takes in what no attempt could handle; afterwards it counts as handled. Default: nobody, and then the processor ends with the
    /// exception instead of passing the entry by.
    /// </summary>
    public Func<JournalDeadLetter, CancellationToken, ValueTask>? OnDeadLetter { get; set; }

    /// <summary>Told what is not an event: retries, gaps, caught up. Default: nobody. An exception thrown here ends the processor.</summary>
    public Action<JournalNotice>? OnNotice { get; set; }

    /// <summary>How long handlers may go on when the application stops. Default: 20 seconds. The host's own shutdown timeout must be longer.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// After what time without a good read of the journal, or with the same entry at the handler, the health check calls the processor stalled.
    /// Default: 5 minutes.
    /// </summary>
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(5);
}
