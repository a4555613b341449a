using System.Globalization;

namespace AssetExport;

/// <summary>The words of the page: names of states, sizes, times.</summary>
internal static class PageText
{
    public static readonly string[] DestinationStates = ["exported", "exporting", "waiting", "scheduled", "failed"];

    public static string Summary(StatusReport report)
    {
        List<string> parts = [report.Mode switch { ExportMode.Realtime => "By webhook", ExportMode.Batch => "By journal", _ => "By webhook and journal" }];
        if (report.Journal is { } journal)
        {
            parts.Add(journal.Description.TrimEnd('.'));
        }

        parts.Add(report.Inbox.Waiting == 0 ? "no event waits for a decision" : $"{Number(report.Inbox.Waiting)} events wait for a decision");
        if (report.NextBatch is { } next)
        {
            parts.Add($"next batch at {next.UtcDateTime:HH:mm:ss} UTC");
        }

        return string.Join(" · ", parts);
    }

    /// <summary>An export to a destination that isn't in the settings would fail again.</summary>
    public static bool CanRetry(DestinationStatus destination) => destination.Type is not null && destination.States["failed"] > 0;

    public static string State(string state) => state switch
    {
        "exporting" => "under way",
        "skipped" => "left out",
        _ => state,
    };

    public static string Title(string state) => char.ToUpperInvariant(State(state)[0]) + State(state)[1..];

    public static string DetailTitle(string state) => state switch
    {
        "exported" => "where",
        "exporting" => "size",
        _ => "why",
    };

    public static string Detail(ExportEntry export) => export.State switch
    {
        ExportState.Exported => $"{export.Location} {Size(export.Bytes)}",
        ExportState.Exporting => Size(export.Size),
        ExportState.Waiting when export.Reason is not null => $"{export.Reason} Again at {Time(export.DueAt)} UTC.",
        ExportState.Scheduled => "in a batch",
        _ => export.Reason ?? "",
    };

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Size(long? bytes) => bytes switch
    {
        null => "",
        < 1024 => $"{bytes} B",
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.##} GiB"),
    };
}
