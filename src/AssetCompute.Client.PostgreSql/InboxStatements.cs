using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql;

/// <summary>The statements. Each is one transaction and one round trip.</summary>
/// <remarks>
/// <c>now()</c> is fixed for a statement, so a search can use an index; <c>clock_timestamp()</c> would be evaluated for every row.
/// </remarks>
internal sealed class InboxStatements(InboxSchema schema)
{
    public InboxSchema Schema => schema;

    /// <summary>
    /// Ids, bodies, checkpoint name, position, lease name, owner, fence, reasons of dead letters → whether the lease is held, the number of new events.
    /// </summary>
    /// <remarks>
    /// The lease's row is locked until the end, so that no other owner can acquire the lease in between. Ids are inserted in order, so that two concurrent
    /// calls with the same ids cannot deadlock. In a transaction of the caller, now() may be long ago, and the lease may have ended since.
    /// </remarks>
    public string Add { get; } = $"""
        WITH lease AS MATERIALIZED (
            SELECT 1 FROM {schema.Leases} WHERE name = $5 AND owner = $6 AND fence = $7 AND expires_at > statement_timestamp() FOR SHARE
        ), permit AS MATERIALIZED (
            SELECT $5 IS NULL OR EXISTS (SELECT 1 FROM lease) AS held
        ), added AS (
            INSERT INTO {schema.Events} (id, body, ordinal, due_at, received_at, state, reason, settled_at)
            SELECT message.id, message.body, message.ordinal, now(), now(),
                CASE WHEN message.reason IS NULL THEN {SqlInboxStatements.Open} ELSE {SqlInboxStatements.DeadLetter} END, message.reason, CASE WHEN message.reason IS NOT NULL THEN now() END
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

    /// <summary>
    /// Ids, bodies, times of storing, times of ending, whether dead letters, attempts, reasons, due times, whether the last attempt had no outcome.
    /// </summary>
    public string Import { get; } = $"""
        INSERT INTO {schema.Events} (id, body, ordinal, due_at, received_at, settled_at, state, attempts, reason, receipt)
        SELECT id, CASE WHEN ended_at IS NULL OR dead THEN body END, ordinal, coalesce(due_at, received_at), received_at, ended_at,
            CASE WHEN ended_at IS NULL THEN {SqlInboxStatements.Open} WHEN dead THEN {SqlInboxStatements.DeadLetter} ELSE {SqlInboxStatements.Completed} END, attempts, reason, CASE WHEN abandoned THEN gen_random_uuid() END
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY AS record (id, body, received_at, ended_at, dead, attempts, reason, due_at, abandoned, ordinal)
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>Names, positions.</summary>
    public string ImportCheckpoints { get; } = $"""
        INSERT INTO {schema.Checkpoints} (name, position, moved_at) SELECT name, position, now() FROM unnest($1, $2) AS record (name, position) ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>
    /// Ids and receipts of events to complete, maximum count of events to take, visibility timeout, whether to take an event that must be taken alone → at
    /// least one row: the receipts of the completed events, and a delivery if there is one, longest due first.
    /// </summary>
    public string CompleteAndTake { get; } = $"""
        WITH completed AS (
            UPDATE {schema.Events} AS event SET state = {SqlInboxStatements.Completed}, receipt = NULL, settled_at = now(), reason = NULL, body = NULL
            FROM unnest($1, $2) AS handled (id, receipt)
            WHERE event.id = handled.id AND event.receipt::text = handled.receipt
            RETURNING handled.receipt
        ), due AS MATERIALIZED (
            SELECT id, due_at, ordinal, receipt IS NOT NULL AS abandoned FROM {schema.Events}
            WHERE state = {SqlInboxStatements.Open} AND due_at <= now() AND id <> ALL ($1)
            ORDER BY due_at, ordinal
            LIMIT $3
            FOR UPDATE SKIP LOCKED
        ), chosen AS MATERIALIZED (
            SELECT *, row_number() OVER places AS place, bool_or(abandoned) OVER places AS behind_abandoned FROM due WINDOW places AS (ORDER BY due_at, ordinal ROWS UNBOUNDED PRECEDING)
        ), taken AS (
            UPDATE {schema.Events} AS event
            SET receipt = gen_random_uuid(), attempts = event.attempts + 1, due_at = now() + $4
            FROM chosen
            WHERE event.id = chosen.id AND (NOT chosen.behind_abandoned OR (chosen.place = 1 AND $5))
            RETURNING event.id, event.body, event.attempts, event.received_at, event.receipt::text AS receipt, event.reason, chosen.abandoned, chosen.due_at, chosen.ordinal
        )
        SELECT id, body, attempts, received_at, taken.receipt, reason, abandoned, (SELECT array_agg(receipt) FROM completed)
        FROM (SELECT) AS always LEFT JOIN taken ON true ORDER BY due_at, ordinal
        """;

    /// <summary>The statements with the same form as SQLite's.</summary>
    public SqlInboxStatements Shared { get; } = new()
    {
        Renew = $"UPDATE {schema.Events} SET due_at = now() + $3 {Taken}",
        Settle = $"""
            UPDATE {schema.Events} SET state = $3, due_at = now() + $4, attempts = attempts - $5, reason = CASE WHEN $5 = 1 THEN reason ELSE $6 END,
                receipt = CASE WHEN $7 = 1 THEN gen_random_uuid() END, settled_at = CASE WHEN $3 <> {SqlInboxStatements.Open} THEN now() END
            {Taken}
            """,
        Count = $"""
            SELECT count(*) FILTER (WHERE receipt IS NULL OR due_at <= now()), count(*) FILTER (WHERE receipt IS NOT NULL AND due_at > now()),
                (SELECT count(*) FROM {schema.Events} WHERE state = {SqlInboxStatements.Completed}),
                (SELECT count(*) FROM {schema.Events} WHERE state = {SqlInboxStatements.DeadLetter})
            FROM {schema.Events} WHERE state = {SqlInboxStatements.Open}
            """,
        ReadDeadLetters = $"""
            SELECT id, body, attempts, reason, received_at, settled_at FROM {schema.Events}
            WHERE state = {SqlInboxStatements.DeadLetter} ORDER BY settled_at LIMIT $1
            """,
        Requeue = $"""
            UPDATE {schema.Events} SET state = {SqlInboxStatements.Open}, due_at = now(), attempts = 0, reason = NULL, settled_at = NULL
            WHERE id = $1 AND state = {SqlInboxStatements.DeadLetter}
            """,
        RemoveCompleted = $"""
            WITH old AS MATERIALIZED (
                SELECT id FROM {schema.Events}
                WHERE state = {SqlInboxStatements.Completed} AND settled_at <= now() - $1
                ORDER BY settled_at
                LIMIT $2
                FOR UPDATE SKIP LOCKED
            )
            DELETE FROM {schema.Events} AS event USING old WHERE event.id = old.id
            """,
        LoadCheckpoint = $"SELECT position FROM {schema.Checkpoints} WHERE name = $1",
        AcquireLease = $"""
            INSERT INTO {schema.Leases} AS lease (name, owner, fence, expires_at) VALUES ($1, $2, 1, now() + $3)
            ON CONFLICT (name) DO UPDATE SET
                owner = excluded.owner,
                fence = lease.fence + CASE WHEN lease.expires_at > now() THEN 0 ELSE 1 END,
                expires_at = excluded.expires_at
            WHERE lease.owner = excluded.owner OR lease.expires_at <= now()
            RETURNING fence
            """,
        ReleaseLease = $"UPDATE {schema.Leases} SET expires_at = '-infinity' WHERE name = $1 AND owner = $2 AND fence = $3",
    };

    /// <summary>Only the last worker that took an event has its receipt.</summary>
    private const string Taken = "WHERE id = $1 AND receipt::text = $2";
}
