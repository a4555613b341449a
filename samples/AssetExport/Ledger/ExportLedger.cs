using System.Security.Cryptography;
using System.Text;

namespace AssetExport;

/// <summary>
/// The ledger of pending, current and completed exports, with one row for each content of an asset and each destination. It is both the queue and the history:
/// every entry is exported, however often processes are killed, and nothing is exported twice.
/// </summary>
internal sealed partial class ExportLedger(LedgerDatabase database, TimeProvider timeProvider)
{
    private const int MaxReasonLength = 1000;

    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    /// <summary>Raised when a call in this process may have made exports due.</summary>
    public event EventHandler? Due;

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Returns the id of a content at a destination.</summary>
    public static string IdOf(string path, string version, string destination) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{version}\n{destination}")).AsSpan(0, 16));

    /// <summary>Gets the number of the last plan. Call it before asking AEM for an asset.</summary>
    public async Task<long> LastPlanAsync(CancellationToken cancellationToken) => (await database.ReadAsync<long>(LedgerStatements.LastPlan, null, cancellationToken)).Single();

    /// <summary>Records the exports of a published asset. A repeated call changes nothing. Waiting exports of older content are skipped.</summary>
    /// <param name="lastPlan">The number of the last plan from before AEM was asked. Later plans are kept, since they may be newer.</param>
    public async Task PlanAsync(AssetVersion asset, IReadOnlyList<PlannedExport> exports, long lastPlan, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(
            $"plan {asset.Path}",
            async transaction =>
            {
                foreach (PlannedExport export in exports.OrderBy(static export => export.Destination, StringComparer.Ordinal))
                {
                    string name = export.Destination.Length == 0 ? "" : export.Name ?? asset.Path[1..];
                    string? holder = await FindHolderAsync(transaction, asset.Path, export.Destination, name);
                    var values = new
                    {
                        id = IdOf(asset.Path, asset.Version, export.Destination),
                        path = asset.Path,
                        version = asset.Version,
                        destination = export.Destination,
                        name,
                        state = (holder is null ? export.State : ExportState.Failed).ToString(),
                        reason = Cut(holder is null ? export.Reason : $"The name '{name}' belongs to '{holder}' at '{export.Destination}'."),
                        size = asset.Size,
                        sha1 = asset.Sha1,
                        now = Now,
                        seen = lastPlan,
                        newer = "A newer version was published.",
                    };
                    await transaction.ExecuteAsync(LedgerStatements.Supersede, values);
                    if (await transaction.ExecuteAsync(LedgerStatements.Plan, values) > 0)
                    {
                        string detail = string.Join(". ", new[] { $"{values.state}: {export.Why}".TrimEnd(':', ' '), values.reason }.Where(static text => text is not null));
                        await RememberAsync(transaction, asset.Path, export.Destination, "planned", detail);
                    }

                    await transaction.ExecuteAsync(LedgerStatements.Number, values);

                    // Must run after the numbering, because the note may have the last number.
                    await transaction.ExecuteAsync(LedgerStatements.ForgetNote, values);
                }

                return exports.Count;
            },
            cancellationToken);
        Due?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Skips planned exports of an asset for destinations that its metadata no longer names. Exports in progress continue.</summary>
    public Task<int> LeaveOutAsync(string path, IEnumerable<string> named, string reason, long lastPlan, CancellationToken cancellationToken)
    {
        string list = string.Concat(named.Select(static name => $",{name},"));
        return database.InTransactionAsync(
            $"plan {path}", transaction => transaction.ExecuteAsync(LedgerStatements.LeaveOut, new { path, named = list, reason, seen = lastPlan, now = Now }), cancellationToken);
    }

    /// <summary>Claims the export to a destination that has been due the longest.</summary>
    /// <returns>The export; null if none is due.</returns>
    public Task<ExportEntry?> ClaimAsync(string destination, TimeSpan duration, CancellationToken cancellationToken) =>
        database.InTransactionAsync($"claim {destination}", transaction => ClaimAsync(transaction, destination, duration), cancellationToken, isRepeatable: true);

    /// <summary>Extends a claim.</summary>
    /// <returns>False if another instance has the export, or it is settled.</returns>
    public Task<bool> RenewAsync(ExportEntry claimed, TimeSpan duration, CancellationToken cancellationToken)
    {
        var values = new { id = claimed.Id, fence = claimed.Fence, until = Now + (long)duration.TotalMilliseconds };
        return database.InTransactionAsync(null, async transaction => await transaction.ExecuteAsync(LedgerStatements.Renew, values) > 0, cancellationToken, isRepeatable: true);
    }

    /// <summary>Records that a claimed export is complete.</summary>
    /// <returns>False if another instance has the export.</returns>
    public async Task<bool> CompleteAsync(ExportEntry claimed, long bytes, string? location, CancellationToken cancellationToken) =>
        (await CompleteAndClaimAsync(claimed, bytes, location, null, cancellationToken)).IsOwn;

    /// <summary>Records that a claimed export is complete, and claims the next one for the destination in the same transaction.</summary>
    /// <param name="duration">The duration of the next claim; null to claim none.</param>
    /// <returns>Whether the export was still this instance's, and the next export; null if none is due.</returns>
    public Task<(bool IsOwn, ExportEntry? Next)> CompleteAndClaimAsync(ExportEntry claimed, long bytes, string? location, TimeSpan? duration, CancellationToken cancellationToken) =>
        SettleAsync(claimed, ExportState.Exported, null, TimeSpan.Zero, PutOffKind.Failed, bytes, location, duration, cancellationToken);

    /// <summary>Delays a claimed export. The reason must not contain secrets.</summary>
    /// <returns>False if another instance has the export.</returns>
    public async Task<bool> PutOffAsync(ExportEntry claimed, TimeSpan delay, string reason, PutOffKind kind, CancellationToken cancellationToken) =>
        (await SettleAsync(claimed, ExportState.Waiting, reason, delay, kind, null, null, null, cancellationToken)).IsOwn;

    /// <summary>Ends a claimed export that cannot be completed, as failed or skipped.</summary>
    /// <returns>False if another instance has the export.</returns>
    public async Task<bool> EndAsync(ExportEntry claimed, ExportState state, string reason, CancellationToken cancellationToken) =>
        (await SettleAsync(claimed, state, reason, TimeSpan.Zero, PutOffKind.Failed, null, null, null, cancellationToken)).IsOwn;

    private async Task<ExportEntry?> ClaimAsync(LedgerTransaction transaction, string destination, TimeSpan duration)
    {
        var values = new { destination, owner = _owner, now = Now, until = Now + (long)duration.TotalMilliseconds };
        return (await transaction.QueryAsync<ExportEntry>(LedgerStatements.Claim(database.IsPostgreSql), values)).SingleOrDefault();
    }

    private async Task<(bool IsOwn, ExportEntry? Next)> SettleAsync(
        ExportEntry claimed, ExportState state, string? reason, TimeSpan delay, PutOffKind kind, long? bytes, string? location, TimeSpan? nextClaim, CancellationToken cancellationToken)
    {
        long now = Now;
        var values = new
        {
            id = claimed.Id,
            fence = claimed.Fence,
            state = state.ToString(),
            reason = Cut(reason),
            due = now + (long)delay.TotalMilliseconds,
            uncounted = kind == PutOffKind.Failed ? 0 : 1,
            busy = kind == PutOffKind.Failed ? null : claimed.BusySince?.ToUnixTimeMilliseconds() ?? (kind == PutOffKind.Busy ? now : (long?)null),
            bytes,
            location = Cut(location),
            exported = state == ExportState.Exported ? now : (long?)null,
            now,
        };
        string? what = state switch
        {
            ExportState.Waiting => kind switch { PutOffKind.Busy => "busy", PutOffKind.Failed => "attempt failed", _ => null },
            _ => state.ToString().ToLowerInvariant(),
        };
        return await database.InTransactionAsync<(bool, ExportEntry?)>(
            nextClaim is null ? null : $"claim {claimed.Destination}",
            async transaction =>
            {
                bool isOwn = await transaction.ExecuteAsync(LedgerStatements.Settle, values) > 0;
                if (isOwn && what is not null)
                {
                    await RememberAsync(transaction, claimed.Path, claimed.Destination, what, values.reason ?? (location is null ? null : $"{location}, {bytes} bytes"));
                }

                return (isOwn, nextClaim is { } duration ? await ClaimAsync(transaction, claimed.Destination, duration) : null);
            },
            cancellationToken,
            isRepeatable: true);
    }

    /// <summary>Finds the other asset that already uses a name. Names derived from the path are unique.</summary>
    private static async Task<string?> FindHolderAsync(LedgerTransaction transaction, string path, string destination, string name)
    {
        if (name == path[1..] || name.Length == 0)
        {
            return null;
        }

        // Plans of other assets wait for this one. All plans take their turns in the order of the destinations, which prevents deadlocks.
        await transaction.TakeTurnAsync($"name {destination} {name}");
        return (await transaction.QueryAsync<string>(LedgerStatements.Holder, new { path, destination, name })).FirstOrDefault();
    }

    private Task<int> RememberAsync(LedgerTransaction transaction, string path, string destination, string what, string? detail, string? by = null) =>
        transaction.ExecuteAsync(LedgerStatements.Remember, new { path, destination, now = Now, what, detail = Cut(detail), by });

    /// <summary>Shortens a text, and replaces what PostgreSQL does not accept: an invalid text must not prevent an export from being settled.</summary>
    private static string? Cut(string? reason)
    {
        string? plain = reason is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(reason)).Replace('\0', '\uFFFD');
        return plain is not { Length: > MaxReasonLength } ? plain
            : plain[..(char.IsHighSurrogate(plain[MaxReasonLength - 1]) ? MaxReasonLength - 1 : MaxReasonLength)];
    }
}
