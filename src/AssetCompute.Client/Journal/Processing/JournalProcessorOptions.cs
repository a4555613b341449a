namespace AssetCompute.Client;

/// <summary>Options of a journal processor.</summary>
public sealed class JournalProcessorOptions : JournalConsumerOptions
{
    /// <summary>The maximum number of calls of the handler at once; over 0. Default: 1, which keeps the order of the journal.</summary>
    public int MaxParallelism { get; set; } = 1;

    /// <summary>The maximum number of entries in a batch; over 0. Default: 100. Has no effect on a handler of single entries.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>
    /// The number of handled entries after which the checkpoint is saved; over 0. Default: 100. No more entries than that, or than
    /// <see cref="MaxParallelism"/> batches when those are more, are ever open or uncommitted, and so no more are handled again after a crash.
    /// </summary>
    public int CommitCount { get; set; } = 100;

    /// <summary>The time after which the checkpoint is saved, when fewer entries came; over zero, up to 1 day. Default: 1 second.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often handling is tried before the entry is a dead letter; over 0. Default: 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// Keeps what no attempt could handle; afterwards it counts as handled. Default: none. The processor then ends with the
    /// exception, and does not pass the entry.
    /// </summary>
    public Func<JournalDeadLetter, CancellationToken, ValueTask>? OnDeadLetter { get; set; }

    /// <summary>How long handlers can continue when the application stops; up to 1 day. Default: 20 seconds. The host's own shutdown timeout must be longer.</summary>
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
