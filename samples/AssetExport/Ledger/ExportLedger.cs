using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace AssetExport;

/// <summary>
/// What is to be exported, is being exported and was exported: one row for each content of an asset and each destination. It is queue and memory in one: what stands here
/// is exported, however often processes are killed; and what was exported is not exported again.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="timeProvider">The clock. Instances that share a database must agree on the time to within a part of the claims' duration.</param>
public sealed class ExportLedger(LedgerDatabase database, TimeProvider timeProvider) : IDisposable
{
    private const int MaxReasonLength = 1000;

    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly SemaphoreSlim _initializing = new(1, 1);
    private bool _isInitialized;

    /// <summary>Raised when exports may have become due by a call in this process.</summary>
    public event EventHandler? Due;

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Makes the tables where they are missing. Every other call does so too.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isInitialized))
        {
            return;
        }

        await _initializing.WaitAsync(cancellationToken);
        try
        {
            if (_isInitialized)
            {
                return;
            }

            await database.InitializeAsync(LedgerStatements.Tables, cancellationToken);
            Volatile.Write(ref _isInitialized, true);
        }
        finally
        {
            _initializing.Release();
        }
    }

    /// <summary>The id of a content at a destination.</summary>
    public static string IdOf(string path, string version, string destination) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{version}\n{destination}")).AsSpan(0, 16));

    /// <summary>The number of the plan that was written down last. Who asks AEM for an asset takes it before.</summary>
    public async Task<long> LastPlanAsync(CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        return (await database.ReadAsync(LedgerStatements.LastPlan, [], static reader => reader.GetInt64(0), cancellationToken)).Single();
    }

    /// <summary>Writes down what is to become of a published asset. Said again, it changes nothing; older contents that still wait are left out.</summary>
    /// <param name="asset">The content that AEM has.</param>
    /// <param name="exports">What is to become of it.</param>
    /// <param name="lastPlan">The last plan before AEM was asked for it: what was planned later stays, since it may be newer.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task PlanAsync(AssetVersion asset, IReadOnlyList<PlannedExport> exports, long lastPlan, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        await database.InTransactionAsync(
            $"plan {asset.Path}",
            async call =>
            {
                foreach (PlannedExport export in exports)
                {
                    (string, object?)[] values =
                    [
                        ("id", IdOf(asset.Path, asset.Version, export.Destination)), ("path", asset.Path), ("version", asset.Version), ("destination", export.Destination),
                        ("state", export.State.ToString()), ("reason", Cut(export.Reason)), ("size", asset.Size), ("sha1", asset.Sha1), ("now", Now),
                    ];
                    await call(LedgerStatements.Supersede, [values[1], values[2], values[3], ("reason", "A newer version was published."), ("seen", lastPlan), values[8]]);
                    await call(LedgerStatements.Plan, values);
                    await call(LedgerStatements.Number, [values[0]]);

                    // Not before: the number of the note may be the last.
                    await call(LedgerStatements.ForgetNote, [values[1], values[3]]);
                }

                return exports.Count;
            },
            cancellationToken);
        Due?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Leaves out what is planned of an asset, and not under way, for destinations that its metadata name no longer.</summary>
    /// <param name="path">The path of the asset.</param>
    /// <param name="named">The destinations that the metadata name.</param>
    /// <param name="reason">Why.</param>
    /// <param name="lastPlan">The last plan before AEM was asked for the metadata: what was planned later stays.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many exports.</returns>
    public async Task<int> LeaveOutAsync(string path, IEnumerable<string> named, string reason, long lastPlan, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        string list = string.Concat(named.Select(static name => $",{name},"));
        return await database.InTransactionAsync(
            $"plan {path}",
            call => call(LedgerStatements.LeaveOut, [("path", path), ("named", list), ("reason", reason), ("seen", lastPlan), ("now", Now)]),
            cancellationToken);
    }

    /// <summary>Claims the export of a destination that has been due the longest.</summary>
    /// <returns>The export; null where none is due.</returns>
    public async Task<ExportEntry?> ClaimAsync(string destination, TimeSpan duration, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        List<ExportEntry> claimed = await database.ChangeAsync(
            $"claim {destination}",
            LedgerStatements.Claim(database.SkipLocked),
            [("destination", destination), ("owner", _owner), ("now", Now), ("until", Now + (long)duration.TotalMilliseconds)],
            Read,
            cancellationToken);
        return claimed.Count == 0 ? null : claimed[0];
    }

    /// <summary>Makes a claim longer.</summary>
    /// <returns>False where the export is another's by now, or settled.</returns>
    public async Task<bool> RenewAsync(ExportEntry claimed, TimeSpan duration, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(LedgerStatements.Renew, [("id", claimed.Id), ("fence", claimed.Fence), ("until", Now + (long)duration.TotalMilliseconds)], cancellationToken) > 0;

    /// <summary>Says that a claimed export is at its destination.</summary>
    /// <returns>False where the export is another's by now.</returns>
    public Task<bool> CompleteAsync(ExportEntry claimed, long bytes, string? location, CancellationToken cancellationToken) =>
        SettleAsync(claimed, ExportState.Exported, null, TimeSpan.Zero, PutOffKind.Failed, bytes, location, cancellationToken);

    /// <summary>Puts a claimed export off.</summary>
    /// <param name="claimed">The export.</param>
    /// <param name="delay">For how long.</param>
    /// <param name="reason">Why; it must hold no secret.</param>
    /// <param name="kind">Whether it was an attempt, or only came at a bad time.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False where the export is another's by now.</returns>
    public Task<bool> PutOffAsync(ExportEntry claimed, TimeSpan delay, string reason, PutOffKind kind, CancellationToken cancellationToken) =>
        SettleAsync(claimed, ExportState.Waiting, reason, delay, kind, null, null, cancellationToken);

    /// <summary>Ends a claimed export that cannot be made: failed, or skipped.</summary>
    /// <returns>False where the export is another's by now.</returns>
    public Task<bool> EndAsync(ExportEntry claimed, ExportState state, string reason, CancellationToken cancellationToken) =>
        SettleAsync(claimed, state, reason, TimeSpan.Zero, PutOffKind.Failed, null, null, cancellationToken);

    /// <summary>Has an export tried that has failed, that waits for another attempt, or that is scheduled for later: at once, with all its attempts before it.</summary>
    /// <returns>False where there is no such export.</returns>
    public Task<bool> RetryAsync(string id, CancellationToken cancellationToken) => ChangeAsync(LedgerStatements.Retry, id, cancellationToken);

    /// <summary>Has every export of a destination tried that has failed: in its turn, with all its attempts before it.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RetryFailedAsync(string destination, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        int retried = await database.ExecuteAsync(LedgerStatements.RetryFailed, [("destination", destination), ("now", Now)], cancellationToken);
        Due?.Invoke(this, EventArgs.Empty);
        return retried;
    }

    /// <summary>Has an export made again, also one that was made.</summary>
    /// <returns>False where there is no such export, or where it is under way.</returns>
    public Task<bool> RepeatAsync(string id, CancellationToken cancellationToken) => ChangeAsync(LedgerStatements.Repeat, id, cancellationToken);

    /// <summary>Makes scheduled exports due, the oldest first, where an interval has passed since that was done last: by whichever instance, before whichever crash.</summary>
    /// <returns>How many; null where it was not time.</returns>
    public async Task<int?> ReleaseBatchAsync(TimeSpan interval, int maxCount, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        int? released = await database.InTransactionAsync<int?>(
            "batch",
            async call =>
            {
                (string, object?) now = ("now", Now);
                (string, object?) next = ("next", Now + (long)interval.TotalMilliseconds);
                await call(LedgerStatements.FirstBatch, [now]);
                await call(LedgerStatements.AdvanceBatch, [next]);
                return await call(LedgerStatements.TakeBatch, [now, next]) == 0 ? null : await call(LedgerStatements.ReleaseBatch, [now, ("max", maxCount)]);
            },
            cancellationToken);
        if (released > 0)
        {
            Due?.Invoke(this, EventArgs.Empty);
        }

        return released;
    }

    /// <summary>When the next batch is due; null before the first.</summary>
    public async Task<DateTimeOffset?> NextBatchAsync(CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        List<long> rows = await database.ReadAsync(LedgerStatements.NextBatch, [], static reader => reader.GetInt64(0), cancellationToken);
        return rows.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(rows[0]);
    }

    /// <summary>How many exports there are, by destination and state.</summary>
    public async Task<IReadOnlyList<LedgerCount>> CountAsync(CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        return await database.ReadAsync(
            LedgerStatements.Count, [], static reader => new LedgerCount(reader.GetString(0), Enum.Parse<ExportState>(reader.GetString(1)), reader.GetInt64(2)), cancellationToken);
    }

    /// <summary>The exports in a state that changed last.</summary>
    public async Task<IReadOnlyList<ExportEntry>> RecentAsync(ExportState state, int maxCount, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        return await database.ReadAsync(LedgerStatements.Recent, [("state", state.ToString()), ("max", maxCount)], Read, cancellationToken);
    }

    /// <summary>One export.</summary>
    public async Task<ExportEntry?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        return (await database.ReadAsync(LedgerStatements.Find, [("id", id)], Read, cancellationToken)).SingleOrDefault();
    }

    /// <summary>All exports of assets below a folder, but for those that were skipped; what changed last comes last.</summary>
    public async Task<IReadOnlyList<ExportEntry>> ReadBelowAsync(string folder, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        return await database.ReadAsync(LedgerStatements.Below, [("folder", folder.TrimEnd('/') + "/")], Read, cancellationToken);
    }

    /// <summary>Forgets what was skipped, and exports of contents that were replaced since.</summary>
    /// <returns>How many rows.</returns>
    public async Task<int> RemoveOldAsync(TimeSpan retention, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        return await database.ExecuteAsync(LedgerStatements.RemoveOld, [("cutoff", (timeProvider.GetUtcNow() - retention).ToUnixTimeMilliseconds())], cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _initializing.Dispose();

    private async Task<bool> ChangeAsync(string statement, string id, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        bool changed = await database.ExecuteAsync(statement, [("id", id), ("now", Now)], cancellationToken) > 0;
        Due?.Invoke(this, EventArgs.Empty);
        return changed;
    }

    private async Task<bool> SettleAsync(
        ExportEntry claimed, ExportState state, string? reason, TimeSpan delay, PutOffKind kind, long? bytes, string? location, CancellationToken cancellationToken)
    {
        long now = Now;
        long? busySince = kind == PutOffKind.Failed ? null : claimed.BusySince?.ToUnixTimeMilliseconds() ?? (kind == PutOffKind.Busy ? now : null);
        (string, object?)[] values =
        [
            ("id", claimed.Id), ("fence", claimed.Fence), ("state", state.ToString()), ("reason", Cut(reason)), ("due", now + (long)delay.TotalMilliseconds),
            ("uncounted", kind == PutOffKind.Failed ? 0 : 1), ("busy", busySince), ("bytes", bytes), ("location", Cut(location)), ("exported", state == ExportState.Exported ? now : null), ("now", now),
        ];
        return await database.ExecuteAsync(LedgerStatements.Settle, values, cancellationToken) > 0;
    }

    /// <summary>PostgreSQL takes neither a zero nor half a surrogate pair, and a text that it refuses must not be what an export never comes to its end for.</summary>
    private static string? Cut(string? reason)
    {
        string? plain = reason is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(reason)).Replace('\0', '\uFFFD');
        return plain is not { Length: > MaxReasonLength } ? plain
            : plain[..(char.IsHighSurrogate(plain[MaxReasonLength - 1]) ? MaxReasonLength - 1 : MaxReasonLength)];
    }

    private static ExportEntry Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Path = row.GetString(1),
        Version = row.GetString(2),
        Destination = row.GetString(3),
        State = Enum.Parse<ExportState>(row.GetString(4)),
        Reason = row.IsDBNull(5) ? null : row.GetString(5),
        Attempts = row.GetInt32(6),
        Fence = row.GetInt64(7),
        Size = row.IsDBNull(8) ? null : row.GetInt64(8),
        Sha1 = row.IsDBNull(9) ? null : row.GetString(9),
        Bytes = row.IsDBNull(10) ? null : row.GetInt64(10),
        Location = row.IsDBNull(11) ? null : row.GetString(11),
        DueAt = row.GetInt64(12) == 0 ? Time(row, 14) : Time(row, 12),
        CreatedAt = Time(row, 13),
        UpdatedAt = Time(row, 14),
        ExportedAt = row.IsDBNull(15) ? null : Time(row, 15),
        BusySince = row.IsDBNull(16) ? null : Time(row, 16),
    };

    private static DateTimeOffset Time(DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
