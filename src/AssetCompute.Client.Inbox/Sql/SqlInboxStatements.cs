namespace AssetCompute.Client.Inbox;

/// <summary>The statements of a <see cref="SqlEventInbox"/> that both databases have in the same form. Parameters are $1, $2 and so on; durations are relative to the store's own now.</summary>
internal sealed record SqlInboxStatements
{
    /// <summary>What <c>state</c> holds.</summary>
    public const int Open = 0, Completed = 1, DeadLetter = 2;

    /// <summary>Id, receipt, visibility timeout.</summary>
    public required string Renew { get; init; }

    /// <summary>Id, receipt, state, delay, whether given back (0 or 1), reason, whether it stays one whose last attempt had no outcome (0 or 1).</summary>
    public required string Settle { get; init; }

    /// <summary>→ waiting, taken, completed, dead letters.</summary>
    public required string Count { get; init; }

    /// <summary>Most → id, body, attempts, reason, time of storing, time of giving up; the one given up first before the others.</summary>
    public required string ReadDeadLetters { get; init; }

    /// <summary>Id.</summary>
    public required string Requeue { get; init; }

    /// <summary>Retention, most.</summary>
    public required string RemoveCompleted { get; init; }

    /// <summary>Name → position.</summary>
    public required string LoadCheckpoint { get; init; }

    /// <summary>Name, owner, duration → fence; no row where another holds it. The row stays when a lease ends or is given back, so that the fence never goes down.</summary>
    public required string AcquireLease { get; init; }

    /// <summary>Name, owner, fence.</summary>
    public required string ReleaseLease { get; init; }
}
