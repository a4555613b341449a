namespace AssetExport;

/// <summary>The SQL statements of the ledger. Times are milliseconds since 1970, in UTC.</summary>
internal static class LedgerStatements
{
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS asset_exports (
            id text PRIMARY KEY, path text NOT NULL, version text NOT NULL, destination text NOT NULL, state text NOT NULL, reason text,
            attempts integer NOT NULL, fence bigint NOT NULL, claimed_until bigint NOT NULL, size bigint, sha1 text, bytes bigint, location text,
            due_at bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL, exported_at bigint, busy_since bigint, planned bigint NOT NULL, name text NOT NULL);
        CREATE INDEX IF NOT EXISTS asset_exports_order ON asset_exports (destination, state, due_at, created_at, path);
        CREATE INDEX IF NOT EXISTS asset_exports_path ON asset_exports (path, destination);
        CREATE INDEX IF NOT EXISTS asset_exports_failed ON asset_exports (updated_at) WHERE state = 'Failed';
        CREATE INDEX IF NOT EXISTS asset_exports_planned ON asset_exports (planned);
        CREATE INDEX IF NOT EXISTS asset_exports_name ON asset_exports (destination, name);
        CREATE TABLE IF NOT EXISTS asset_export_destinations (name text PRIMARY KEY, pace text, next_run_at bigint, paused_at bigint, paused_by text);
        CREATE TABLE IF NOT EXISTS asset_export_history (number bigint NOT NULL, path text NOT NULL, destination text NOT NULL, at bigint NOT NULL, what text NOT NULL, detail text, who text);
        CREATE INDEX IF NOT EXISTS asset_export_history_path ON asset_export_history (path, at);
        CREATE INDEX IF NOT EXISTS asset_export_history_at ON asset_export_history (at);
        """;

    /// <summary>Fails if a table has another layout, such as a table that already existed.</summary>
    public const string CheckColumns = "SELECT export.busy_since, export.planned, export.name, history.number FROM asset_exports AS export, asset_export_history AS history WHERE 1 = 0";

    public const string Columns = "id, path, version, destination, name, state, reason, attempts, fence, size, sha1, bytes, location, CASE WHEN due_at = 0 THEN updated_at ELSE due_at END AS due_at, created_at, updated_at, exported_at, busy_since";

    /// <summary>The number of the last plan. Numbers order plans independently of clocks. Plans that could not see each other may share one.</summary>
    public const string LastPlan = "SELECT COALESCE(MAX(planned), 0) FROM asset_exports";

    /// <summary>Numbers the current plan. It includes entries that were planned before and did not change, because AEM has just confirmed them.</summary>
    public const string Number = $"UPDATE asset_exports SET planned = 1 + ({LastPlan}) WHERE id = @id";

    /// <summary>Skips waiting exports of other contents of the asset, except those planned after AEM was asked, which may be newer.</summary>
    public const string Supersede = """
        UPDATE asset_exports SET state = 'Skipped', reason = @newer, updated_at = @now
        WHERE path = @path AND destination = @destination AND version <> @version AND planned <= @seen AND state IN ('Scheduled', 'Waiting', 'Failed')
        """;

    /// <summary>Skips exports to destinations that the metadata no longer names. The list has commas around each name; names have none.</summary>
    public const string LeaveOut = """
        UPDATE asset_exports SET state = 'Skipped', reason = @reason, updated_at = @now
        WHERE path = @path AND destination <> '' AND replace(@named, ',' || destination || ',', '') = @named AND planned <= @seen AND state IN ('Scheduled', 'Waiting', 'Failed')
        """;

    /// <summary>Plans a content, perhaps again. An exported content stays exported, unless the export of another content, which may have replaced it, has started since.</summary>
    public const string Plan = """
        INSERT INTO asset_exports (id, path, version, destination, state, reason, attempts, fence, claimed_until, size, sha1, due_at, created_at, updated_at, planned, name)
        VALUES (@id, @path, @version, @destination, @state, @reason, 0, 0, 0, @size, @sha1, @now, @now, @now, 0, @name)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, name = excluded.name, reason = excluded.reason, attempts = 0, busy_since = NULL, due_at = excluded.due_at, updated_at = excluded.updated_at
        WHERE asset_exports.state IN ('Failed', 'Skipped') OR (asset_exports.state = 'Scheduled' AND excluded.state = 'Waiting') OR (asset_exports.state <> 'Exporting' AND asset_exports.name <> excluded.name) OR (asset_exports.state = 'Exported' AND EXISTS (
            SELECT 1 FROM asset_exports AS other
            WHERE other.path = asset_exports.path AND other.destination = asset_exports.destination AND other.fence > asset_exports.fence))
        """;

    /// <summary>An asset that has a destination is no longer recorded as an asset without one.</summary>
    public const string ForgetNote = "DELETE FROM asset_exports WHERE path = @path AND destination = '' AND @destination <> ''";

    /// <summary>
    /// Claims an export that is due or whose claim has expired, but never two contents of one asset for one destination: they share the fence, which shows what
    /// started last without a clock. An expired claim goes first, so that its former owner notices the takeover. Instances must claim one at a time.
    /// </summary>
    public static string Claim(bool skipsLocked) => $"""
        UPDATE asset_exports SET state = 'Exporting', reason = NULL, attempts = attempts + 1,
            fence = 1 + (SELECT MAX(same.fence) FROM asset_exports AS same WHERE same.path = asset_exports.path AND same.destination = asset_exports.destination), claimed_until = @until, updated_at = @now
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

    private const string Open = "WHERE id = @id AND destination <> '' AND state IN ('Failed', 'Scheduled', 'Waiting')";

    private const string Ended = "WHERE id = @id AND state IN ('Exported', 'Failed', 'Skipped')";

    private const string FailedThere = "WHERE destination = @destination AND state = 'Failed'";

    /// <summary>Runs before a change, because the change ends the state that both select by.</summary>
    private const string Remembered = $"INSERT INTO asset_export_history (number, path, destination, at, what, who) SELECT {NextNumber}, path, destination, @now, @what, @by FROM asset_exports";

    private const string Again = "UPDATE asset_exports SET state = 'Waiting', reason = @reason, attempts = 0, busy_since = NULL, due_at = @due, updated_at = @now";

    public const string Retry = $"{Remembered} {Open}; {Again} {Open}";

    public const string RetryFailed = $"{Remembered} {FailedThere}; {Again} {FailedThere}";

    public const string Repeat = $"{Remembered} {Ended}; {Again} {Ended}";

    public const string Skip = $"{Remembered} {Open}; UPDATE asset_exports SET state = 'Skipped', reason = @reason, updated_at = @now {Open}";

    public const string Destinations = "SELECT name, pace, next_run_at AS NextRunAt, paused_at AS PausedAt, paused_by AS PausedBy FROM asset_export_destinations ORDER BY name";

    public const string SetNextRun = """
        INSERT INTO asset_export_destinations (name, pace, next_run_at) VALUES (@destination, @pace, @next)
        ON CONFLICT (name) DO UPDATE SET pace = excluded.pace, next_run_at = excluded.next_run_at
        """;

    public const string Pause = """
        INSERT INTO asset_export_destinations (name, paused_at, paused_by) VALUES (@destination, @now, @by)
        ON CONFLICT (name) DO UPDATE SET paused_at = excluded.paused_at, paused_by = excluded.paused_by WHERE asset_export_destinations.paused_at IS NULL
        """;

    public const string Resume = "UPDATE asset_export_destinations SET paused_at = NULL, paused_by = NULL WHERE name = @destination AND paused_at IS NOT NULL";

    /// <summary>The state is checked twice, so that an export that was started manually or replaced in the meantime is not reset.</summary>
    public const string ReleaseBatch = """
        UPDATE asset_exports SET state = 'Waiting', due_at = @now, updated_at = @now
        WHERE id IN (SELECT id FROM asset_exports WHERE state = 'Scheduled' AND destination = @destination ORDER BY created_at, path LIMIT @max) AND state = 'Scheduled'
        """;

    public const string Count = "SELECT destination, state, COUNT(*) FROM asset_exports GROUP BY destination, state";

    /// <summary>The state is a literal, because the index of failed exports is used only for that.</summary>
    public static string Recent(ExportState state) => $"SELECT {Columns} FROM asset_exports WHERE state = '{state}' ORDER BY updated_at DESC, path LIMIT @max";

    public const string Find = $"SELECT {Columns} FROM asset_exports WHERE id = @id";

    /// <summary>An empty value matches any.</summary>
    public const string Search = $"""
        SELECT {Columns} FROM asset_exports
        WHERE (@state = '' OR state = @state) AND (@destination = '' OR destination = @destination) AND (lower(path) LIKE @like ESCAPE '\' OR lower(name) LIKE @like ESCAPE '\')
        ORDER BY updated_at DESC, path LIMIT @max
        """;

    /// <summary>Finds the asset that uses a name at a destination, or may have files there. An export that never started and no longer waits uses none.</summary>
    public const string Holder = """
        SELECT path FROM asset_exports
        WHERE destination = @destination AND name = @name AND path <> @path AND (fence > 0 OR state IN ('Scheduled', 'Waiting')) ORDER BY created_at LIMIT 1
        """;

    /// <summary>Orders entries within a millisecond. Two transactions may use the same number if neither could see the other.</summary>
    private const string NextNumber = "(SELECT COALESCE(MAX(number), 0) + 1 FROM asset_export_history WHERE at >= @now)";

    public const string Remember = $"INSERT INTO asset_export_history (number, path, destination, at, what, detail, who) VALUES ({NextNumber}, @path, @destination, @now, @what, @detail, @by)";

    public const string History = "SELECT at, path, destination, what, detail, who AS \"by\" FROM asset_export_history WHERE path = @path ORDER BY at DESC, number DESC LIMIT @max";

    public const string RemoveHistory = "DELETE FROM asset_export_history WHERE at < @cutoff";

    /// <summary>The entries below a folder, except those that were superseded or never planned for export.</summary>
    public const string Below = $"""
        SELECT {Columns} FROM asset_exports
        WHERE destination <> '' AND state <> 'Skipped' AND substr(path, 1, length(@folder)) = @folder ORDER BY updated_at
        """;

    /// <summary>Removes skipped and replaced exports, except the last plan, for the next number, and failed exports that may have replaced an earlier one.</summary>
    public const string RemoveOld = $"""
        DELETE FROM asset_exports WHERE updated_at < @cutoff AND planned < ({LastPlan}) AND (
            (state = 'Skipped' AND (fence = 0 OR NOT EXISTS (
                SELECT 1 FROM asset_exports AS former
                WHERE former.path = asset_exports.path AND former.destination = asset_exports.destination AND former.state = 'Exported' AND former.fence < asset_exports.fence)))
            OR (state = 'Exported' AND EXISTS (
                SELECT 1 FROM asset_exports AS newer
                WHERE newer.path = asset_exports.path AND newer.destination = asset_exports.destination AND newer.state = 'Exported' AND newer.fence > asset_exports.fence)))
        """;

    /// <summary>Selects the first export. Each of the two kinds is read separately in index order, however many there are.</summary>
    private static string First(string isDue, string holdsUp, bool skipsLocked) => $"""
        (SELECT due.id FROM asset_exports AS due
            WHERE due.destination = @destination AND {isDue} AND NOT EXISTS (
                SELECT 1 FROM asset_exports AS other
                WHERE other.path = due.path AND other.destination = due.destination AND other.id <> due.id AND other.state = 'Exporting' AND {holdsUp})
            ORDER BY due.due_at, due.created_at, due.path LIMIT 1 {(skipsLocked ? "FOR UPDATE SKIP LOCKED" : "")})
        """;
}
