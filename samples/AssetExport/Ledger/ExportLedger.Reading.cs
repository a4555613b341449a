namespace AssetExport;

/// <summary>Queries for the page and the comparison, and the removal of old entries.</summary>
internal sealed partial class ExportLedger
{
    private const int MaxHistory = 200;

    public async Task<IReadOnlyList<LedgerCount>> CountAsync(CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync<(string Destination, string State, long Count)>(LedgerStatements.Count, null, cancellationToken))
            .Select(static row => new LedgerCount(row.Destination, Enum.Parse<ExportState>(row.State), row.Count))];

    public async Task<IReadOnlyList<ExportEntry>> RecentAsync(ExportState state, int maxCount, CancellationToken cancellationToken) =>
        await database.ReadAsync<ExportEntry>(LedgerStatements.Recent(state), new { max = maxCount }, cancellationToken);

    public async Task<ExportEntry?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await database.ReadAsync<ExportEntry>(LedgerStatements.Find, new { id }, cancellationToken)).SingleOrDefault();

    /// <summary>Returns all exports of assets below a folder, except skipped ones. The most recently changed comes last.</summary>
    public async Task<IReadOnlyList<ExportEntry>> ReadBelowAsync(string folder, CancellationToken cancellationToken) =>
        await database.ReadAsync<ExportEntry>(LedgerStatements.Below, new { folder = folder.TrimEnd('/') + "/" }, cancellationToken);

    /// <summary>Returns exports whose path or name contains a text, ignoring case. A filter that is null matches any. The most recently changed comes first.</summary>
    public async Task<IReadOnlyList<ExportEntry>> SearchAsync(string? text, ExportState? state, string? destination, int maxCount, CancellationToken cancellationToken)
    {
        string escaped = (text ?? "").ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return await database.ReadAsync<ExportEntry>(
            LedgerStatements.Search, new { like = $"%{escaped}%", state = state?.ToString() ?? "", destination = destination ?? "", max = maxCount }, cancellationToken);
    }

    /// <summary>Returns the newest 200 history entries of an asset, oldest first.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(string path, CancellationToken cancellationToken) =>
        [.. Enumerable.Reverse(await database.ReadAsync<HistoryEntry>(LedgerStatements.History, new { path, max = MaxHistory }, cancellationToken))];

    public async Task<IReadOnlyList<DestinationState>> DestinationsAsync(CancellationToken cancellationToken) => await database.ReadAsync<DestinationState>(LedgerStatements.Destinations, null, cancellationToken);

    /// <summary>Removes skipped exports, and exports of content that has been replaced.</summary>
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
