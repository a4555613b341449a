namespace AssetExport;

/// <summary>The ledger's SQL. Times are milliseconds since 1970, in UTC.</summary>
internal static class LedgerStatements
{
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS asset_exports (
            id text PRIMARY KEY, path text NOT NULL, version text NOT NULL, destination text NOT NULL, state text NOT NULL, reason text,
            attempts integer NOT NULL, fence bigint NOT NULL, claimed_by text, claimed_until bigint NOT NULL, size bigint, sha1 text, bytes bigint, location text,
            due_at bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL, exported_at bigint, busy_since bigint, planned bigint NOT NULL, name text NOT NULL);
        CREATE INDEX IF NOT EXISTS asset_exports_order ON asset_exports (destination, state, due_at, created_at, path);
        CREATE INDEX IF NOT EXISTS asset_exports_path ON asset_exports (path, destination);
        CREATE INDEX IF NOT EXISTS asset_exports_updated ON asset_exports (state, updated_at);
        CREATE INDEX IF NOT EXISTS asset_exports_planned ON asset_exports (planned);
        CREATE INDEX IF NOT EXISTS asset_exports_name ON asset_exports (destination, name);
        CREATE TABLE IF NOT EXISTS asset_export_destinations (name text PRIMARY KEY, pace text, next_run_at bigint, paused_at bigint, paused_by text);
        CREATE TABLE IF NOT EXISTS asset_export_history (number bigint NOT NULL, path text NOT NULL, destination text NOT NULL, at bigint NOT NULL, what text NOT NULL, detail text, who text);
        CREATE INDEX IF NOT EXISTS asset_export_history_path ON asset_export_history (path, at);
        CREATE INDEX IF NOT EXISTS asset_export_history_at ON asset_export_history (at);
        """;

    /// <summary>Fails if a table has another layout, as one that existed before.</summary>
    public const string CheckColumns = "SELECT export.busy_since, export.planned, export.name, history.number FROM asset_exports AS export, asset_export_history AS history WHERE 1 = 0";

    public const string Columns = "id, path, version, destination, name, state, reason, attempts, fence, size, sha1, bytes, location, CASE WHEN due_at = 0 THEN updated_at ELSE due_at END AS due_at, created_at, updated_at, exported_at, busy_since";

    /// <summary>
    /// Plans are counted, so that two of them can be told apart by age whatever the clocks of the instances say. Two may have the same number: neither could have seen the other.
    /// </summary>
    public const string LastPlan = "SELECT COALESCE(MAX(planned), 0) FROM asset_exports";

    /// <summary>Also what was planned before, and stays as it is, was said to be the content of the asset just now.</summary>
    public const string Number = $"UPDATE asset_exports SET planned = 1 + ({LastPlan}) WHERE id = @id";

    /// <summary>
    /// What was planned for other contents of the asset and is not under way has become pointless; but not what was planned after AEM was asked, which may be the newer one.
    /// </summary>
    public const string Supersede = """
        UPDATE asset_exports SET state = 'Skipped', reason = @newer, updated_at = @now
        WHERE path = @path AND destination = @destination AND version <> @version AND planned <= @seen AND state IN ('Scheduled', 'Waiting', 'Failed')
        """;

    /// <summary>
    /// What was planned for destinations that the metadata name no longer. A name has no comma in it, so a list of names with commas around each tells which are meant.
    /// </summary>
    public const string LeaveOut = """
        UPDATE asset_exports SET state = 'Skipped', reason = @reason, updated_at = @now
        WHERE path = @path AND destination <> '' AND replace(@named, ',' || destination || ',', '') = @named AND planned <= @seen AND state IN ('Scheduled', 'Waiting', 'Failed')
        """;

    /// <summary>
    /// A content that is planned again: once it was exported it stays so, unless the export of another content was begun since, which may have taken its place, also where
    /// it was never finished. What was given up gets a new chance, what is scheduled may become due at once.
    /// </summary>
    public const string Plan = """
        INSERT INTO asset_exports (id, path, version, destination, state, reason, attempts, fence, claimed_until, size, sha1, due_at, created_at, updated_at, planned, name)
        VALUES (@id, @path, @version, @destination, @state, @reason, 0, 0, 0, @size, @sha1, @now, @now, @now, 0, @name)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, name = excluded.name, reason = excluded.reason, attempts = 0, busy_since = NULL, due_at = excluded.due_at, updated_at = excluded.updated_at
        WHERE asset_exports.state IN ('Failed', 'Skipped') OR (asset_exports.state = 'Scheduled' AND excluded.state = 'Waiting') OR (asset_exports.state <> 'Exporting' AND asset_exports.name <> excluded.name) OR (asset_exports.state = 'Exported' AND EXISTS (
            SELECT 1 FROM asset_exports AS other
            WHERE other.path = asset_exports.path AND other.destination = asset_exports.destination AND other.fence > asset_exports.fence))
        """;

    /// <summary>An asset that has a destination now is no longer noted as one without.</summary>
    public const string ForgetNote = "DELETE FROM asset_exports WHERE path = @path AND destination = '' AND @destination <> ''";

    /// <summary>
    /// Takes one export that is due, or whose claim has ended; never two contents of one asset for one destination at once. Of these the fence is common, so it says which was
    /// begun last, whatever the clocks of the instances say. One whose claim has ended goes before the other contents of its asset: taking it over is what its former owner sees
    /// when it lives on after all. Where many may claim at the same time, they must do so one after the other: two would not see each other.
    /// </summary>
    public static string Claim(bool skipsLocked) => $"""
        UPDATE asset_exports SET state = 'Exporting', reason = NULL, attempts = attempts + 1,
            fence = 1 + (SELECT MAX(same.fence) FROM asset_exports AS same WHERE same.path = asset_exports.path AND same.destination = asset_exports.destination), claimed_by = @owner, claimed_until = @until, updated_at = @now
        WHERE id = COALESCE(
            {First("due.state = 'Exporting' AND due.claimed_until <= @now", "other.claimed_until > @now", skipsLocked)},
            {First("due.state = 'Waiting' AND due.due_at <= @now", "TRUE", skipsLocked)})
        AND (state = 'Waiting' OR claimed_until <= @now)
        AND NOT EXISTS (SELECT 1 FROM asset_export_destinations AS paused WHERE paused.name = @destination AND paused.paused_at IS NOT NULL)
        RETURNING {Columns}
        """;

    public const string Renew = "UPDATE asset_exports SET claimed_until = @until WHERE id = @id AND fence = @fence AND state = 'Exporting'";

    public const string Settle = """
        UPDATE asset_exports SET state = @state, reason = @reason, due_at = @due, attempts = attempts - @uncounted, bytes = @bytes, location = @location, exported_at = @exported, busy_since = @busy, updated_at = @now
        WHERE id = @id AND fence = @fence AND state = 'Exporting'
        """;

    /// <summary>Due before everything else that waits.</summary>
    public const string Retry = """
        UPDATE asset_exports SET state = 'Waiting', reason = NULL, attempts = 0, busy_since = NULL, due_at = 0, updated_at = @now
        WHERE id = @id AND destination <> '' AND state IN ('Failed', 'Scheduled', 'Waiting')
        """;

    public const string Skip = """
        UPDATE asset_exports SET state = 'Skipped', reason = @reason, updated_at = @now WHERE id = @id AND destination <> '' AND state IN ('Failed', 'Scheduled', 'Waiting')
        """;

    /// <summary>They may be many, so what waits already goes before them.</summary>
    public const string RetryFailed = """
        UPDATE asset_exports SET state = 'Waiting', reason = NULL, attempts = 0, busy_since = NULL, due_at = @now, updated_at = @now
        WHERE destination = @destination AND state = 'Failed'
        """;

    /// <summary>Has an export made again, whatever became of it.</summary>
    public const string Repeat = """
        UPDATE asset_exports SET state = 'Waiting', reason = 'It is exported again.', attempts = 0, busy_since = NULL, due_at = @now, updated_at = @now
        WHERE id = @id AND state IN ('Exported', 'Failed', 'Skipped')
        """;

    public const string Destinations = "SELECT name, pace, next_run_at, paused_at, paused_by FROM asset_export_destinations ORDER BY name";

    public const string SetNextRun = """
        INSERT INTO asset_export_destinations (name, pace, next_run_at) VALUES (@destination, @pace, @next)
        ON CONFLICT (name) DO UPDATE SET pace = excluded.pace, next_run_at = excluded.next_run_at
        """;

    public const string Pause = """
        INSERT INTO asset_export_destinations (name, paused_at, paused_by) VALUES (@destination, @now, @by)
        ON CONFLICT (name) DO UPDATE SET paused_at = excluded.paused_at, paused_by = excluded.paused_by WHERE asset_export_destinations.paused_at IS NULL
        """;

    public const string Resume = "UPDATE asset_export_destinations SET paused_at = NULL, paused_by = NULL WHERE name = @destination AND paused_at IS NOT NULL";

    /// <summary>The state is asked twice: what somebody has meanwhile begun by hand, or replaced, must not be set back.</summary>
    public const string ReleaseBatch = """
        UPDATE asset_exports SET state = 'Waiting', due_at = @now, updated_at = @now
        WHERE id IN (SELECT id FROM asset_exports WHERE state = 'Scheduled' AND destination = @destination ORDER BY created_at, path LIMIT @max) AND state = 'Scheduled'
        """;

    public const string Count = "SELECT destination, state, COUNT(*) FROM asset_exports GROUP BY destination, state";

    public const string Recent = $"SELECT {Columns} FROM asset_exports WHERE state = @state ORDER BY updated_at DESC, path LIMIT @max";

    public const string Find = $"SELECT {Columns} FROM asset_exports WHERE id = @id";

    /// <summary>An empty value stands for any.</summary>
    public const string Search = $"""
        SELECT {Columns} FROM asset_exports
        WHERE (@state = '' OR state = @state) AND (@destination = '' OR destination = @destination) AND (lower(path) LIKE @like ESCAPE '\' OR lower(name) LIKE @like ESCAPE '\')
        ORDER BY updated_at DESC, path LIMIT @max
        """;

    /// <summary>The asset that has a name at a destination, or may have something there under it. What was skipped or given up before it was begun holds no name.</summary>
    public const string Holder = """
        SELECT path FROM asset_exports
        WHERE destination = @destination AND name = @name AND path <> @path AND (fence > 0 OR state IN ('Scheduled', 'Waiting')) ORDER BY created_at LIMIT 1
        """;

    /// <summary>Orders what happens within a millisecond. Two transactions may take the same number: neither could have seen the other.</summary>
    private const string NextNumber = "(SELECT COALESCE(MAX(number), 0) + 1 FROM asset_export_history WHERE at >= @now)";

    public const string Remember = $"INSERT INTO asset_export_history (number, path, destination, at, what, detail, who) VALUES ({NextNumber}, @path, @destination, @now, @what, @detail, @by)";

    /// <summary>Before a statement that changes one row or many.</summary>
    public const string RememberFailed = $"INSERT INTO asset_export_history (number, path, destination, at, what, who) SELECT {NextNumber}, path, destination, @now, 'retried', @by FROM asset_exports WHERE destination = @destination AND state = 'Failed'";

    public const string RememberOne = $"INSERT INTO asset_export_history (number, path, destination, at, what, who) SELECT {NextNumber}, path, destination, @now, @what, @by FROM asset_exports WHERE id = @id";

    public const string History = "SELECT at, path, destination, what, detail, who AS \"by\" FROM asset_export_history WHERE path = @path ORDER BY at DESC, number DESC LIMIT @max";

    public const string RemoveHistory = "DELETE FROM asset_export_history WHERE at < @cutoff";

    /// <summary>What stands in the ledger below a folder, without what was superseded or never was to be exported.</summary>
    public const string Below = $"""
        SELECT {Columns} FROM asset_exports
        WHERE destination <> '' AND state <> 'Skipped' AND substr(path, 1, length(@folder)) = @folder ORDER BY updated_at
        """;

    /// <summary>
    /// What was left out and what was replaced since. But a content whose export was begun, and given up, is remembered for as long as it may have taken the place of one that
    /// was exported before. And the plan that was last stays, so that the next one has a higher number.
    /// </summary>
    public const string RemoveOld = $"""
        DELETE FROM asset_exports WHERE updated_at < @cutoff AND planned < ({LastPlan}) AND (
            (state = 'Skipped' AND (fence = 0 OR NOT EXISTS (
                SELECT 1 FROM asset_exports AS former
                WHERE former.path = asset_exports.path AND former.destination = asset_exports.destination AND former.state = 'Exported' AND former.fence < asset_exports.fence)))
            OR (state = 'Exported' AND EXISTS (
                SELECT 1 FROM asset_exports AS newer
                WHERE newer.path = asset_exports.path AND newer.destination = asset_exports.destination AND newer.state = 'Exported' AND newer.fence > asset_exports.fence)))
        """;

    /// <summary>Each of the two kinds by itself is read in the order of an index, however many there are.</summary>
    private static string First(string isDue, string holdsUp, bool skipsLocked) => $"""
        (SELECT due.id FROM asset_exports AS due
            WHERE due.destination = @destination AND {isDue} AND NOT EXISTS (
                SELECT 1 FROM asset_exports AS other
                WHERE other.path = due.path AND other.destination = due.destination AND other.id <> due.id AND other.state = 'Exporting' AND {holdsUp})
            ORDER BY due.due_at, due.created_at, due.path LIMIT 1 {(skipsLocked ? "FOR UPDATE SKIP LOCKED" : "")})
        """;
}
