using System.Security.Cryptography;
using System.Text;

namespace AssetExport;

/// <summary>The queue and the history of exports, with one row for each content of an asset and each destination.</summary>
internal sealed partial class ExportLedger(LedgerDatabase database, TimeProvider timeProvider)
{
    private const int MaxReasonLength = 1000;

    /// <summary>Raised when a call in this process may have made exports due.</summary>
    public event EventHandler? Due;

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

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

    /// <returns>False if another instance has the export, or it is settled.</returns>
    public Task<bool> RenewAsync(ExportEntry claimed, TimeSpan duration, CancellationToken cancellationToken)
    {
        var values = new { id = claimed.Id, fence = claimed.Fence, until = Now + (long)duration.TotalMilliseconds };
        return database.InTransactionAsync(null, async transaction => await transaction.ExecuteAsync(LedgerStatements.Renew, values) > 0, cancellationToken, isRepeatable: true);
    }

    /// <summary>Records the outcome of a claimed export, and claims the next one for the destination in the same transaction.</summary>
    /// <param name="nextClaim">The duration of the next claim; null to claim none.</param>
    /// <returns>Whether the export was still this instance's, and the next export; null if none is due.</returns>
    public Task<(bool IsOwn, ExportEntry? Next)> SettleAsync(ExportEntry claimed, ExportOutcome outcome, TimeSpan? nextClaim, CancellationToken cancellationToken)
    {
        long now = Now;
        var values = new
        {
            id = claimed.Id,
            fence = claimed.Fence,
            state = outcome.State.ToString(),
            reason = Cut(outcome.Reason),
            due = now + (long)outcome.Delay.TotalMilliseconds,
            uncounted = outcome.IsCounted ? 0 : 1,
            busy = outcome.IsCounted ? null : claimed.BusySince?.ToUnixTimeMilliseconds() ?? (outcome.IsBusy ? now : (long?)null),
            bytes = outcome.Bytes,
            location = Cut(outcome.Location),
            exported = outcome.State == ExportState.Exported ? now : (long?)null,
            now,
        };
        string? what = outcome.State != ExportState.Waiting ? outcome.State.ToString().ToLowerInvariant() : outcome.IsBusy ? "busy" : outcome.IsCounted ? "attempt failed" : null;
        return database.InTransactionAsync<(bool, ExportEntry?)>(
            nextClaim is null ? null : $"claim {claimed.Destination}",
            async transaction =>
            {
                bool isOwn = await transaction.ExecuteAsync(LedgerStatements.Settle, values) > 0;
                if (isOwn && what is not null)
                {
                    await RememberAsync(transaction, claimed.Path, claimed.Destination, what, values.reason ?? (outcome.Location is null ? null : $"{outcome.Location}, {outcome.Bytes} bytes"));
                }

                return (isOwn, nextClaim is { } duration ? await ClaimAsync(transaction, claimed.Destination, duration) : null);
            },
            cancellationToken,
            isRepeatable: true);
    }

    private async Task<ExportEntry?> ClaimAsync(LedgerTransaction transaction, string destination, TimeSpan duration)
    {
        var values = new { destination, now = Now, until = Now + (long)duration.TotalMilliseconds };
        return (await transaction.QueryAsync<ExportEntry>(LedgerStatements.Claim(database.IsPostgreSql), values)).SingleOrDefault();
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

    private Task<int> RememberAsync(LedgerTransaction transaction, string path, string destination, string what, string? detail) =>
        transaction.ExecuteAsync(LedgerStatements.Remember, new { path, destination, now = Now, what, detail = Cut(detail), by = (string?)null });

    /// <summary>Shortens a text, and replaces what PostgreSQL does not accept: an invalid text must not prevent an export from being settled.</summary>
    private static string? Cut(string? reason)
    {
        string? plain = reason is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(reason)).Replace('\0', '\uFFFD');
        return plain is not { Length: > MaxReasonLength } ? plain
            : plain[..(char.IsHighSurrogate(plain[MaxReasonLength - 1]) ? MaxReasonLength - 1 : MaxReasonLength)];
    }
}
