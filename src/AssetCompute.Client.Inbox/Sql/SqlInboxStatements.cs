namespace AssetCompute.Client.Inbox;

/// <summary>
/// The statements of a <see cref="SqlEventInbox"/> that have the same form in both databases. Parameters are $1, $2 and so on; durations are relative to the
/// store's current time.
/// </summary>
internal sealed record SqlInboxStatements
{
    /// <summary>The values of <c>state</c>.</summary>
    public const int Open = 0, Completed = 1, DeadLetter = 2;

    /// <summary>Id, receipt, visibility timeout.</summary>
    public required string Renew { get; init; }

    /// <summary>Id, receipt, state, delay, whether returned (0 or 1), reason, whether its last attempt still counts as without an outcome (0 or 1).</summary>
    public required string Settle { get; init; }

    /// <summary>→ waiting, taken, completed, dead letters.</summary>
    public required string Count { get; init; }

    /// <summary>Maximum count → id, body, attempts, reason, time of storing, time of the dead letter; oldest dead letter first.</summary>
    public required string ReadDeadLetters { get; init; }

    /// <summary>Id.</summary>
    public required string Requeue { get; init; }

    /// <summary>Retention, maximum count.</summary>
    public required string RemoveCompleted { get; init; }

    /// <summary>Name → position.</summary>
    public required string LoadCheckpoint { get; init; }

    /// <summary>
    /// Name, owner, duration → fence; no row if another owner holds the lease. The row stays when a lease ends or is released, so that the fence never
    /// decreases.
    /// </summary>
    public required string AcquireLease { get; init; }

    /// <summary>Name, owner, fence.</summary>
    public required string ReleaseLease { get; init; }
}
