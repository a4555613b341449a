using AssetCompute.Client.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetExport;

/// <summary>Gathers the status of the application.</summary>
internal sealed class StatusReporter(ExportLedger ledger, IEventInbox inbox, DestinationDirectory destinations, HealthCheckService health, StatusSettings settings)
{
    /// <param name="isRunning">Whether this process runs the application and knows the state of the journal.</param>
    public async Task<StatusReport> ReportAsync(bool isRunning, CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerCount> counts = await ledger.CountAsync(cancellationToken);
        Dictionary<string, DestinationState> states = (await ledger.DestinationsAsync(cancellationToken)).ToDictionary(static state => state.Name, StringComparer.Ordinal);
        InboxCounts events = await inbox.CountAsync(cancellationToken);
        return new StatusReport(
            settings.Mode,
            StatesOf(counts),
            [.. destinations.All.Select(static destination => destination.Name)
                .Union(counts.Select(static count => count.Destination))
                .Where(static name => name.Length > 0)
                .Order(StringComparer.Ordinal)
                .Select(name => (Name: name, Settings: destinations.Find(name), State: states.GetValueOrDefault(name)))
                .Select(found => new DestinationStatus(
                    found.Name, found.Settings?.Type, found.Settings?.Pace.ToString(), StatesOf(counts.Where(count => count.Destination == found.Name)), found.State?.NextRunAt, found.State?.PausedAt, found.State?.PausedBy))],
            new EventStatus(events.Waiting + events.Taken, events.Completed, events.DeadLetters),
            isRunning && settings.Mode != ExportMode.Realtime ? await JournalAsync(cancellationToken) : null);
    }

    /// <returns>The story; null if the asset is unknown.</returns>
    public async Task<AssetStory?> StoryAsync(string path, CancellationToken cancellationToken)
    {
        IReadOnlyList<ExportEntry> found = await ledger.SearchAsync(path, null, null, ExportList.MaxEntries, cancellationToken);
        ExportEntry[] exports = [.. found.Where(entry => entry.Path == path).DistinctBy(static entry => entry.Destination).OrderBy(static entry => entry.Destination, StringComparer.Ordinal)];
        IReadOnlyList<HistoryEntry> history = await ledger.HistoryAsync(path, cancellationToken);
        return exports.Length + history.Count == 0 ? null : new AssetStory(path, exports, [.. history.Reverse()]);
    }

    private static Dictionary<string, long> StatesOf(IEnumerable<LedgerCount> counts)
    {
        ILookup<ExportState, long> byState = counts.ToLookup(static count => count.State, static count => count.Count);
        return Enum.GetValues<ExportState>().ToDictionary(PageText.Key, state => byState[state].Sum());
    }

    private async Task<JournalStatus> JournalAsync(CancellationToken cancellationToken)
    {
        HealthReport report = await health.CheckHealthAsync(static check => check.Name == "journal", cancellationToken);
        HealthReportEntry entry = report.Entries["journal"];
        return new JournalStatus(entry.Status == HealthStatus.Healthy, entry.Description ?? "", entry.Data.TryGetValue("reader", out object? reader) && reader is true);
    }
}
