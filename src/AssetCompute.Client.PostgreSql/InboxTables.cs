using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.PostgreSql;

/// <summary>The scripts that create the tables.</summary>
internal static class InboxTables
{
    /// <summary>Version 1.</summary>
    /// <remarks>
    /// There is one table for open and completed events, so that the primary key covers both. Ids compare by their bytes, which is faster and the same on
    /// every server. Each index covers only the rows of its states, so completed events do not slow down the search for due events. Every event leaves two
    /// dead rows. Vacuum runs after a fixed number of them, not after a share of the table, which grows for a week.
    /// </remarks>
    public static string Create(InboxSchema schema) => $"""
        CREATE TABLE {schema.Events} (
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
        COMMENT ON COLUMN {schema.Events}.state IS '0: waiting, or taken until due_at where there is a receipt; 1: completed; 2: dead letter';
        COMMENT ON COLUMN {schema.Events}.ordinal IS 'the place among the events that were stored at the same time';
        COMMENT ON COLUMN {schema.Events}.body IS 'the event''s JSON as it came, in UTF-8; not kept once it is completed';
        CREATE INDEX inbox_events_due ON {schema.Events} (due_at, ordinal) WHERE state = {SqlInboxStatements.Open};
        CREATE INDEX inbox_events_completed ON {schema.Events} (settled_at) WHERE state = {SqlInboxStatements.Completed};
        CREATE INDEX inbox_events_dead ON {schema.Events} (settled_at) WHERE state = {SqlInboxStatements.DeadLetter};
        CREATE TABLE {schema.Checkpoints} (
            name     text COLLATE "C" PRIMARY KEY,
            position text NOT NULL,
            moved_at timestamptz NOT NULL
        );
        CREATE TABLE {schema.Leases} (
            name       text COLLATE "C" PRIMARY KEY,
            owner      text NOT NULL,
            fence      bigint NOT NULL,
            expires_at timestamptz NOT NULL
        );
        CREATE TABLE {schema.Version} (version integer NOT NULL);
        INSERT INTO {schema.Version} VALUES (1);
        """;
}
