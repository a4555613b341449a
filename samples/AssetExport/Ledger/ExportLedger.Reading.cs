namespace AssetExport;

/// <summary>What the page and the comparison read, and what is forgotten.</summary>
public sealed partial class ExportLedger
{
    private const int MaxHistory = 200;

    /// <summary>How many exports there are, by destination and state.</summary>
    public async Task<IReadOnlyList<LedgerCount>> CountAsync(CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync<(string Destination, string State, long Count)>(LedgerStatements.Count, null, cancellationToken))
            .Select(static row => new LedgerCount(row.Destination, Enum.Parse<ExportState>(row.State), row.Count))];

    /// <summary>The exports in a state that changed last.</summary>
    public async Task<IReadOnlyList<ExportEntry>> RecentAsync(ExportState state, int maxCount, CancellationToken cancellationToken) =>
        await database.ReadAsync<ExportEntry>(LedgerStatements.Recent, new { state = state.ToString(), max = maxCount }, cancellationToken);

    /// <summary>One export.</summary>
    public async Task<ExportEntry?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await database.ReadAsync<ExportEntry>(LedgerStatements.Find, new { id }, cancellationToken)).SingleOrDefault();

    /// <summary>All exports of assets below a folder, except skipped ones. The last changed comes last.</summary>
    public async Task<IReadOnlyList<ExportEntry>> ReadBelowAsync(string folder, CancellationToken cancellationToken) =>
        await database.ReadAsync<ExportEntry>(LedgerStatements.Below, new { folder = folder.TrimEnd('/') + "/" }, cancellationToken);

    /// <summary>Exports whose path or name contains a text, in upper or lower case. The last changed comes first.</summary>
    /// <param name="text">The text; null or empty for any.</param>
    /// <param name="state">The state; null for any.</param>
    /// <param name="destination">The destination; null or empty for any.</param>
    /// <param name="maxCount">The most exports.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<ExportEntry>> SearchAsync(string? text, ExportState? state, string? destination, int maxCount, CancellationToken cancellationToken)
    {
        string escaped = (text ?? "").ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return await database.ReadAsync<ExportEntry>(
            LedgerStatements.Search, new { like = $"%{escaped}%", state = state?.ToString() ?? "", destination = destination ?? "", max = maxCount }, cancellationToken);
    }

    /// <summary>What happened to an asset, the oldest first: the newest 200 entries.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(string path, CancellationToken cancellationToken) =>
        [.. Enumerable.Reverse(await database.ReadAsync<HistoryEntry>(LedgerStatements.History, new { path, max = MaxHistory }, cancellationToken))];

    /// <summary>How the destinations stand.</summary>
    public async Task<IReadOnlyList<DestinationState>> DestinationsAsync(CancellationToken cancellationToken) => await database.ReadAsync<DestinationState>(LedgerStatements.Destinations, null, cancellationToken);

    /// <summary>Removes what was skipped, and exports of contents that were replaced since.</summary>
    /// <returns>How many rows.</returns>
    public Task<int> RemoveOldAsync(TimeSpan retention, CancellationToken cancellationToken)
    {
        var values = new { cutoff = (timeProvider.GetUtcNow() - retention).ToUnixTimeMilliseconds() };
        return database.InTransactionAsync(
            null,
            async transaction =>
            {
                await transaction.ExecuteAsync(LedgerStatements.RemoveHistory, values);
                return await transaction.ExecuteAsync(LedgerStatements.RemoveOld, values);
            },
            cancellationToken);
    }
}
