using System.Data;
using System.Text;
using AssetCompute.Client.Inbox;
using Npgsql;

namespace AssetCompute.Client.PostgreSql;

/// <summary>The names of the tables of an inbox, and their creation.</summary>
/// <remarks>
/// There is one table for open and completed events, so that the primary key covers both. Ids compare by their bytes, which is faster and the same on every
/// server. Each index covers only the rows of its states, so completed events do not slow down the search for due events. Every event leaves two dead rows.
/// Vacuum runs after a fixed number of them, not after a share of the table, which grows for a week.
/// </remarks>
internal sealed class InboxSchema
{
    /// <summary>Each script upgrades the tables from one version to the next; the first creates them. A released script never changes.</summary>
    private readonly string[] _upgrades;

    public InboxSchema(string schema)
    {
        Check(schema);
        Name = schema;
        Quoted = '"' + schema.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        _upgrades =
        [
            $"""
            CREATE TABLE {Events} (
                due_at      timestamptz NOT NULL,
                received_at timestamptz NOT NULL,
                settled_at  timestamptz,
                ordinal     integer NOT NULL,
                attempts    integer NOT NULL DEFAULT 0,
                state       smallint NOT NULL DEFAULT {SqlInboxStatements.Open},
                receipt     uuid,
                id          text COLLATE "C" PRIMARY KEY,
                reason      text,
                body        bytea
            ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
            COMMENT ON COLUMN {Events}.state IS '0: waiting, or taken until due_at where there is a receipt; 1: completed; 2: dead letter';
            COMMENT ON COLUMN {Events}.ordinal IS 'the place among the events that were stored at the same time';
            COMMENT ON COLUMN {Events}.body IS 'the event''s JSON as it came, in UTF-8; not kept once it is completed';
            CREATE INDEX inbox_events_due ON {Events} (due_at, ordinal) WHERE state = {SqlInboxStatements.Open};
            CREATE INDEX inbox_events_completed ON {Events} (settled_at) WHERE state = {SqlInboxStatements.Completed};
            CREATE INDEX inbox_events_dead ON {Events} (settled_at) WHERE state = {SqlInboxStatements.DeadLetter};
            CREATE TABLE {Checkpoints} (
                name     text COLLATE "C" PRIMARY KEY,
                position text NOT NULL,
                moved_at timestamptz NOT NULL
            );
            CREATE TABLE {Leases} (
                name       text COLLATE "C" PRIMARY KEY,
                owner      text NOT NULL,
                fence      bigint NOT NULL,
                expires_at timestamptz NOT NULL
            );
            CREATE TABLE {Version} (version integer NOT NULL);
            INSERT INTO {Version} VALUES (1);
            """,
        ];
    }

    public string Name { get; }

    public string Quoted { get; }

    public string Events => Quoted + ".inbox_events";

    public string Checkpoints => Quoted + ".inbox_checkpoints";

    public string Leases => Quoted + ".inbox_leases";

    public string Version => Quoted + ".inbox_version";

    /// <exception cref="ArgumentException">The text is not the name of a schema.</exception>
    public static void Check(string schema)
    {
        if (string.IsNullOrEmpty(schema) || Encoding.UTF8.GetByteCount(schema) > 63 || schema.StartsWith("pg_", StringComparison.Ordinal) || schema.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("The name of a schema has 1 to 63 bytes in UTF-8, none of them zero, and does not begin with 'pg_'.", nameof(schema));
        }
    }

    /// <summary>
    /// Creates or upgrades the tables; concurrent calls are safe. If the tables are current, it changes nothing and needs no rights to create tables.
    /// </summary>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await VersionOfAsync(connection, cancellationToken).ConfigureAwait(false) == _upgrades.Length)
        {
            return;
        }

        // Read committed, whatever the default is: changes that another instance made while this one waited must be visible.
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await InboxDatabase.ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended('AssetCompute.Client.Inbox ' || $1, 0))", cancellationToken, Name).ConfigureAwait(false);
            int version = await VersionOfAsync(connection, cancellationToken).ConfigureAwait(false);
            if (version == 0 && !await ExistsAsync(connection, "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1)", cancellationToken).ConfigureAwait(false))
            {
                await InboxDatabase.ExecuteAsync(connection, $"CREATE SCHEMA {Quoted}", cancellationToken).ConfigureAwait(false);
            }

            for (; version < _upgrades.Length; version++)
            {
                await InboxDatabase.ExecuteAsync(connection, _upgrades[version], cancellationToken).ConfigureAwait(false);
            }

            await InboxDatabase.ExecuteAsync(connection, $"UPDATE {Version} SET version = {_upgrades.Length}", cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> VersionOfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Not to_regclass: within a transaction it may still answer from what the connection cached before the wait.
        if (!await ExistsAsync(connection, "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'inbox_version')", cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        int version = await InboxDatabase.ScalarAsync(connection, $"SELECT version FROM {Version}", cancellationToken).ConfigureAwait(false) as int? ?? 0;
        return version <= _upgrades.Length
            ? version
            : throw new InboxException($"The tables in the schema '{Name}' have version {version}, but this version of AssetCompute.Client.PostgreSql supports versions up to {_upgrades.Length} only: update the package.");
    }

    private async Task<bool> ExistsAsync(NpgsqlConnection connection, string question, CancellationToken cancellationToken) =>
        await InboxDatabase.ScalarAsync(connection, question, cancellationToken, Name).ConfigureAwait(false) is true;
}
