using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetExport;

/// <summary>Gathers how the application stands.</summary>
internal sealed class StatusReporter(ExportLedger ledger, IEventInbox inbox, DestinationDirectory destinations, HealthCheckService health, StatusSettings settings, TimeProvider timeProvider)
{
    private const int MaxEntries = 50;

    public async Task<StatusReport> ReportAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerCount> counts = await ledger.CountAsync(cancellationToken);
        Dictionary<string, IReadOnlyList<ExportEntry>> recent = [];
        foreach (ExportState state in Enum.GetValues<ExportState>())
        {
            recent[NameOf(state)] = await ledger.RecentAsync(state, MaxEntries, cancellationToken);
        }

        InboxCounts events = await inbox.CountAsync(cancellationToken);
        IReadOnlyList<InboxDeadLetter> deadLetters = await inbox.ReadDeadLettersAsync(MaxEntries, cancellationToken);
        return new StatusReport
        {
            Mode = settings.Mode,
            Time = timeProvider.GetUtcNow(),
            Totals = StatesOf(counts),
            Destinations = [.. destinations.All.Select(static destination => destination.Name)
                .Union(counts.Select(static count => count.Destination))
                .Order(StringComparer.Ordinal)
                .Select(name => new DestinationStatus(name, destinations.Find(name)?.Type, StatesOf(counts.Where(count => count.Destination == name))))],
            Recent = recent,
            NextBatch = await ledger.NextBatchAsync(cancellationToken),
            Inbox = new InboxStatus(events.Waiting + events.Taken, events.Completed, [.. deadLetters.Select(static letter => new DeadLetterStatus(letter.Id, letter.Reason, letter.DeadLetteredAt))]),
            Journal = settings.Mode == ExportMode.Realtime ? null : await JournalAsync(cancellationToken),
        };
    }

    private static Dictionary<string, long> StatesOf(IEnumerable<LedgerCount> counts)
    {
        LedgerCount[] all = [.. counts];
        return Enum.GetValues<ExportState>().ToDictionary(NameOf, state => all.Where(count => count.State == state).Sum(static count => count.Count));
    }

    private static string NameOf(ExportState state) => state.ToString().ToLowerInvariant();

    private async Task<JournalStatus> JournalAsync(CancellationToken cancellationToken)
    {
        HealthReport report = await health.CheckHealthAsync(static check => check.Name == "journal", cancellationToken);
        HealthReportEntry entry = report.Entries["journal"];
        JournalPosition? stored = await inbox.LoadCheckpointAsync("journal", cancellationToken);
        return new JournalStatus(
            entry.Status == HealthStatus.Healthy, entry.Description ?? "", entry.Data.TryGetValue("reader", out object? reader) && reader is true, stored?.ToString(), entry.Data.GetValueOrDefault("lastGood") as string);
    }
}
