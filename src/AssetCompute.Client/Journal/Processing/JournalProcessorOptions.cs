namespace AssetCompute.Client;

/// <summary>Options of a journal processor.</summary>
public sealed class JournalProcessorOptions : JournalConsumerOptions
{
    /// <summary>The maximum number of concurrent calls of the handler; over 0. Default: 1, which keeps the order of the journal.</summary>
    public int MaxParallelism { get; set; } = 1;

    /// <summary>The maximum number of entries in a batch; over 0. Default: 100. Has no effect on a handler of single entries.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>
    /// The number of handled entries after which the checkpoint is saved; over 0. Default: 100. It is also the maximum number of open or uncommitted entries,
    /// and so of entries handled again after a crash; or <see cref="MaxParallelism"/> batches if those are more.
    /// </summary>
    public int CommitCount { get; set; } = 100;

    /// <summary>The time after which the checkpoint is saved if there are fewer entries; over zero, up to 1 day. Default: 1 second.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The number of attempts before the entry becomes a dead letter; over 0. Default: 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// Saves entries whose attempts all failed; afterwards they count as handled. Default: none. The processor then ends with the exception, and the
    /// checkpoint stays before the entry.
    /// </summary>
    public Func<JournalDeadLetter, CancellationToken, ValueTask>? OnDeadLetter { get; set; }

    /// <summary>
    /// How long handlers may continue when the application stops; up to 1 day. Default: 20 seconds. The shutdown timeout of the host must be longer.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    internal override IEnumerable<string?> Check() =>
    [
        .. base.Check(),
        Demand(MaxParallelism > 0, $"{nameof(MaxParallelism)} must be over 0."),
        Demand(BatchSize > 0, $"{nameof(BatchSize)} must be over 0."),
        Demand(CommitCount > 0, $"{nameof(CommitCount)} must be over 0."),
        Demand(CommitInterval > TimeSpan.Zero && CommitInterval <= TimeSpan.FromDays(1), $"{nameof(CommitInterval)} must be over zero, up to 1 day."),
        Demand(MaxAttempts > 0, $"{nameof(MaxAttempts)} must be over 0."),
        Demand(DrainTimeout >= TimeSpan.Zero && DrainTimeout <= TimeSpan.FromDays(1), $"{nameof(DrainTimeout)} must be zero to 1 day."),
    ];
}
