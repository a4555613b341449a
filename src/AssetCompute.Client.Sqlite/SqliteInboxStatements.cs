using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Sqlite;

/// <summary>
/// The statements. <c>$now</c> is the time of the inbox's clock; times and durations are in ticks. Tests check the query plans of statements whose cost grows
/// with the inbox.
/// </summary>
internal static class SqliteInboxStatements
{
    /// <summary>$1 id, $2 state, $3 reason.</summary>
    public const string Insert = "INSERT INTO events (id, state, moment, received_at, reason) VALUES ($1, $2, $now, $now, $3) ON CONFLICT (id) DO NOTHING";

    /// <summary>$1 maximum count. In the order of the index. The receipt is the one of the next delivery, which <see cref="Take"/> starts.</summary>
    public const string Due = """
        SELECT e.id, b.body, e.attempts + 1, e.received_at, e.seq || '-' || (e.deliveries + 1), e.reason, e.taken
        FROM events AS e CROSS JOIN bodies AS b ON b.seq = e.seq
        WHERE e.state = 0 AND e.moment <= $now
        ORDER BY e.moment, e.seq LIMIT $1
        """;

    /// <summary>$1 duration, $2 id.</summary>
    public const string Take = "UPDATE events SET attempts = attempts + 1, deliveries = deliveries + 1, taken = 1, moment = $now + $1 WHERE id = $2";

    /// <summary>$1 id, $2 receipt.</summary>
    public const string Complete = "UPDATE events SET state = 1, moment = $now, taken = 0, reason = NULL" + Taken;

    /// <summary>$1 id.</summary>
    public const string RemoveBody = "DELETE FROM bodies WHERE seq = (SELECT seq FROM events WHERE id = $1)";

    /// <summary>$1 after which event, $2 maximum count.</summary>
    public const string All = """
        SELECT e.seq, e.id, e.received_at, e.state, e.moment, e.attempts, e.reason, b.body, e.taken
        FROM events AS e LEFT JOIN bodies AS b ON b.seq = e.seq
        WHERE e.seq > $1 ORDER BY e.seq LIMIT $2
        """;

    /// <summary>$1 name, $2 owner, $3 fence.</summary>
    public const string HoldsLease = "SELECT count(*) FROM leases WHERE name = $1 AND owner = $2 AND fence = $3 AND ends_at > $now";

    /// <summary>$1 name, $2 position.</summary>
    public const string SaveCheckpoint = "INSERT INTO checkpoints (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET position = excluded.position";

    /// <summary>Only the last worker that took an event has its receipt.</summary>
    private const string Taken = " WHERE id = $1 AND taken = 1 AND seq || '-' || deliveries = $2";

    public static SqlInboxStatements Shared { get; } = new()
    {
        Renew = "UPDATE events SET moment = $now + $3" + Taken,
        Settle = "UPDATE events SET state = $3, moment = $now + $4, taken = $7, deliveries = deliveries + $7, attempts = attempts - $5, reason = iif($5, reason, $6)" + Taken,
        Count = """
            SELECT (SELECT count(*) FROM events WHERE state = 0) - taken, taken, (SELECT count(*) FROM events WHERE state = 1), (SELECT count(*) FROM events WHERE state = 2)
            FROM (SELECT count(*) AS taken FROM events WHERE state = 0 AND moment > $now AND taken = 1)
            """,
        ReadDeadLetters = """
            SELECT e.id, b.body, e.attempts, e.reason, e.received_at, e.moment
            FROM events AS e CROSS JOIN bodies AS b ON b.seq = e.seq
            WHERE e.state = 2 ORDER BY e.moment, e.seq LIMIT $1
            """,
        Requeue = "UPDATE events SET state = 0, moment = $now, attempts = 0, reason = NULL WHERE id = $1 AND state = 2",
        RemoveCompleted = "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE state = 1 AND moment <= $now - $1 LIMIT $2)",
        LoadCheckpoint = "SELECT position FROM checkpoints WHERE name = $1",
        AcquireLease = """
            INSERT INTO leases (name, owner, fence, ends_at) VALUES ($1, $2, 1, $now + $3)
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ends_at = excluded.ends_at, fence = fence + iif(ends_at > $now, 0, 1)
            WHERE owner = excluded.owner OR ends_at <= $now
            RETURNING fence
            """,
        ReleaseLease = "UPDATE leases SET ends_at = 0 WHERE name = $1 AND owner = $2 AND fence = $3",
    };
}
