namespace AssetCompute.Client.PostgreSql;

/// <summary>What is asked of the database. Each is one statement, and so one transaction and one round trip.</summary>
/// <remarks>
/// <c>now()</c> is fixed for a statement, so an index can be searched for it; <c>clock_timestamp()</c> would be worked out for every row.
/// </remarks>
internal sealed class InboxStatements(InboxSchema schema)
{
    /// <summary>
    /// Ids, bodies, checkpoint name, position, lease name, owner, fence, reasons of dead letters → whether the lease is held, how many were new.
    /// </summary>
    /// <remarks>
    /// The lease's row is locked until the end, so nobody takes it over in between. Ids are inserted in their order, so that two who add the same ones wait
    /// for each other one way only.
    /// </remarks>
    public string Add { get; } = $"""
        WITH lease AS MATERIALIZED (
            SELECT 1 FROM {schema.Leases} WHERE name = $5 AND owner = $6 AND fence = $7 AND expires_at > now() FOR SHARE
        ), permit AS MATERIALIZED (
            SELECT $5 IS NULL OR EXISTS (SELECT 1 FROM lease) AS held
        ), added AS (
            INSERT INTO {schema.Events} (id, body, ordinal, due_at, received_at, state, reason, settled_at)
            SELECT message.id, message.body, message.ordinal, now(), now(),
                CASE WHEN message.reason IS NULL THEN {InboxTables.Open} ELSE {InboxTables.DeadLetter} END, message.reason, CASE WHEN message.reason IS NOT NULL THEN now() END
            FROM permit, unnest($1, $2, $8) WITH ORDINALITY AS message (id, body, reason, ordinal)
            WHERE permit.held
            ORDER BY message.id COLLATE "C", message.ordinal
            ON CONFLICT (id) DO NOTHING
            RETURNING 1
        ), moved AS (
            INSERT INTO {schema.Checkpoints} AS stored (name, position, moved_at)
            SELECT $3, $4, now() FROM permit WHERE permit.held AND $3 IS NOT NULL
            ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at
        )
        SELECT permit.held, (SELECT count(*) FROM added)::integer FROM permit
        """;

    /// <summary>Ids, bodies, times of storing, times of ending, whether dead letters, attempts, reasons, times when due, whether the last attempt had no outcome.</summary>
    public string Import { get; } = $"""
        INSERT INTO {schema.Events} (id, body, ordinal, due_at, received_at, settled_at, state, attempts, reason, receipt)
        SELECT id, CASE WHEN ended_at IS NULL OR dead THEN body END, ordinal, coalesce(due_at, received_at), received_at, ended_at,
            CASE WHEN ended_at IS NULL THEN {InboxTables.Open} WHEN dead THEN {InboxTables.DeadLetter} ELSE {InboxTables.Completed} END, attempts, reason, CASE WHEN abandoned THEN gen_random_uuid() END
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY AS record (id, body, received_at, ended_at, dead, attempts, reason, due_at, abandoned, ordinal)
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>Names, positions.</summary>
    public string ImportCheckpoints { get; } = $"""
        INSERT INTO {schema.Checkpoints} (name, position, moved_at) SELECT name, position, now() FROM unnest($1, $2) AS record (name, position) ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>Most, visibility timeout → deliveries, those due the longest first.</summary>
    /// <remarks>
    /// The commit does not wait for the disk. Where the server crashes at once, the event is due again and its worker's receipt is worth nothing: as if the worker had died.
    /// </remarks>
    public string Take { get; } = $"""
        WITH relaxed AS MATERIALIZED (
            SELECT set_config('synchronous_commit', 'off', true)
        ), due AS MATERIALIZED (
            SELECT id, due_at, ordinal, receipt IS NOT NULL AS abandoned FROM {schema.Events}
            WHERE state = {InboxTables.Open} AND due_at <= now()
            ORDER BY due_at, ordinal
            LIMIT $1
            FOR UPDATE SKIP LOCKED
        ), chosen AS MATERIALIZED (
            SELECT *, row_number() OVER places AS place, bool_or(abandoned) OVER places AS behind_abandoned FROM due WINDOW places AS (ORDER BY due_at, ordinal ROWS UNBOUNDED PRECEDING)
        ), taken AS (
            UPDATE {schema.Events} AS event
            SET receipt = gen_random_uuid(), attempts = event.attempts + 1, due_at = now() + $2
            FROM chosen
            WHERE event.id = chosen.id AND (chosen.place = 1 OR NOT chosen.behind_abandoned)
            RETURNING event.id, event.body, event.attempts, event.received_at, event.receipt, event.reason, chosen.abandoned, chosen.due_at, chosen.ordinal
        )
        SELECT id, body, attempts, received_at, receipt, reason, abandoned FROM taken, relaxed ORDER BY due_at, ordinal
        """;

    /// <summary>Id, receipt, visibility timeout.</summary>
    public string Renew { get; } = $"UPDATE {schema.Events} SET due_at = now() + $3 {Taken}";

    /// <summary>Ids, receipts → the receipts of those that were completed.</summary>
    public string CompleteMany { get; } = $"""
        UPDATE {schema.Events} AS event SET state = {InboxTables.Completed}, receipt = NULL, settled_at = now(), reason = NULL, body = NULL
        FROM unnest($1, $2) AS done (id, receipt)
        WHERE event.id = done.id AND event.receipt = done.receipt
        RETURNING done.receipt
        """;

    /// <summary>Id, receipt, reason.</summary>
    public string GiveUp { get; } = $"UPDATE {schema.Events} SET state = {InboxTables.DeadLetter}, receipt = NULL, settled_at = now(), reason = $3 {Taken}";

    /// <summary>Id, receipt, reason, delay.</summary>
    public string Retry { get; } = $"UPDATE {schema.Events} SET receipt = NULL, reason = $3, due_at = now() + $4 {Taken}";

    /// <summary>Id, receipt, whether it stays one whose last attempt had no outcome, which a receipt that nobody has says.</summary>
    public string Return { get; } = $"UPDATE {schema.Events} SET receipt = CASE WHEN $3 THEN gen_random_uuid() END, attempts = attempts - 1, due_at = now() {Taken}";

    /// <summary>→ waiting, taken, completed, dead letters.</summary>
    public string Count { get; } = $"""
        SELECT count(*) FILTER (WHERE receipt IS NULL OR due_at <= now()), count(*) FILTER (WHERE receipt IS NOT NULL AND due_at > now()),
            (SELECT count(*) FROM {schema.Events} WHERE state = {InboxTables.Completed}),
            (SELECT count(*) FROM {schema.Events} WHERE state = {InboxTables.DeadLetter})
        FROM {schema.Events} WHERE state = {InboxTables.Open}
        """;

    /// <summary>Most → dead letters, the one given up first before the others.</summary>
    public string ReadDeadLetters { get; } = $"""
        SELECT id, body, attempts, reason, received_at, settled_at FROM {schema.Events}
        WHERE state = {InboxTables.DeadLetter} ORDER BY settled_at LIMIT $1
        """;

    /// <summary>Id.</summary>
    public string Requeue { get; } = $"""
        UPDATE {schema.Events} SET state = {InboxTables.Open}, due_at = now(), attempts = 0, reason = NULL, settled_at = NULL
        WHERE id = $1 AND state = {InboxTables.DeadLetter}
        """;

    /// <summary>Retention, most.</summary>
    public string RemoveCompleted { get; } = $"""
        WITH old AS MATERIALIZED (
            SELECT id FROM {schema.Events}
            WHERE state = {InboxTables.Completed} AND settled_at <= now() - $1
            ORDER BY settled_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM {schema.Events} AS event USING old WHERE event.id = old.id
        """;

    /// <summary>Name → position.</summary>
    public string LoadCheckpoint { get; } = $"SELECT position FROM {schema.Checkpoints} WHERE name = $1";

    /// <summary>Name, position, lease name, owner, fence; no row where the lease is not held.</summary>
    /// <remarks>In a transaction of its caller now() may be long ago.</remarks>
    public string SaveCheckpoint { get; } = $"""
        WITH lease AS MATERIALIZED (
            SELECT 1 FROM {schema.Leases} WHERE name = $3 AND owner = $4 AND fence = $5 AND expires_at > clock_timestamp() FOR SHARE
        )
        INSERT INTO {schema.Checkpoints} AS stored (name, position, moved_at)
        SELECT $1, $2, now() FROM lease
        ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at
        """;

    /// <summary>Name, owner, duration → fence; no row where another holds it.</summary>
    /// <remarks>The row stays when a lease ends or is given back, so that the fence never goes down.</remarks>
    public string AcquireLease { get; } = $"""
        INSERT INTO {schema.Leases} AS lease (name, owner, fence, expires_at) VALUES ($1, $2, 1, now() + $3)
        ON CONFLICT (name) DO UPDATE SET
            owner = excluded.owner,
            fence = lease.fence + CASE WHEN lease.expires_at > now() THEN 0 ELSE 1 END,
            expires_at = excluded.expires_at
        WHERE lease.owner = excluded.owner OR lease.expires_at <= now()
        RETURNING fence
        """;

    /// <summary>Name, owner, fence.</summary>
    public string ReleaseLease { get; } = $"UPDATE {schema.Leases} SET expires_at = '-infinity' WHERE name = $1 AND owner = $2 AND fence = $3";

    /// <summary>Only the last who took an event has its receipt.</summary>
    private const string Taken = "WHERE id = $1 AND receipt = $2";
}
