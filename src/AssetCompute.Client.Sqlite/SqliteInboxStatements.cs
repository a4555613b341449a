namespace AssetCompute.Client.Sqlite;

/// <summary>The statements whose cost grows with the inbox where an index is missing: their plans are under test.</summary>
internal static class SqliteInboxStatements
{
    /// <summary>$1 id, $2 state, $3 now, $4 reason.</summary>
    public const string Insert = "INSERT INTO events (id, state, moment, received_at, reason) VALUES ($1, $2, $3, $3, $4) ON CONFLICT (id) DO NOTHING";

    /// <summary>$1 open, $2 now, $3 how many. In the order of the index.</summary>
    public const string Due = """
        SELECT e.seq, e.id, e.received_at, e.attempts, e.deliveries, e.reason, b.body, e.taken
        FROM events AS e CROSS JOIN bodies AS b ON b.seq = e.seq
        WHERE e.state = $1 AND e.moment <= $2
        ORDER BY e.moment, e.seq LIMIT $3
        """;

    /// <summary>$1 when it is due again, $2 the event.</summary>
    public const string Take = "UPDATE events SET attempts = attempts + 1, deliveries = deliveries + 1, taken = 1, moment = $1 WHERE seq = $2";

    /// <summary>$1 state, $2 moment, $3 whether it is given back, $4 reason, $5 to $7 what was taken, $8 whether it stays one whose last attempt had no outcome.</summary>
    public const string Settle = """
        UPDATE events SET state = $1, moment = $2, taken = $8, deliveries = deliveries + $8, attempts = attempts - $3, reason = iif($3, reason, $4)
        WHERE seq = $5 AND deliveries = $6 AND taken = 1 AND id = $7
        """;

    /// <summary>$1 given up, $2 how many.</summary>
    public const string DeadLetters = """
        SELECT e.id, b.body, e.attempts, e.reason, e.received_at, e.moment
        FROM events AS e CROSS JOIN bodies AS b ON b.seq = e.seq
        WHERE e.state = $1 ORDER BY e.moment, e.seq LIMIT $2
        """;

    /// <summary>$1 behind which event, $2 how many.</summary>
    public const string All = """
        SELECT e.seq, e.id, e.received_at, e.state, e.moment, e.attempts, e.reason, b.body, e.taken
        FROM events AS e LEFT JOIN bodies AS b ON b.seq = e.seq
        WHERE e.seq > $1 ORDER BY e.seq LIMIT $2
        """;

    /// <summary>$1 completed, $2 until when, $3 how many.</summary>
    public const string RemoveCompleted = "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE state = $1 AND moment <= $2 LIMIT $3)";

    /// <summary>$1 name, $2 owner, $3 its end, $4 now. No row where another owner holds it.</summary>
    public const string AcquireLease = """
        INSERT INTO leases (name, owner, fence, ends_at) VALUES ($1, $2, 1, $3)
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ends_at = excluded.ends_at, fence = fence + iif(ends_at > $4, 0, 1)
        WHERE owner = excluded.owner OR ends_at <= $4
        RETURNING fence
        """;
}
