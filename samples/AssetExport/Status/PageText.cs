using System.Globalization;

namespace AssetExport;

/// <summary>The texts of the page and the commands.</summary>
internal static class PageText
{
    /// <summary>The states that are counted for a destination.</summary>
    public static readonly ExportState[] Figures = [ExportState.Scheduled, ExportState.Waiting, ExportState.Exporting, ExportState.Exported, ExportState.Failed];

    public static string Mode(ExportMode mode) => mode switch
    {
        ExportMode.Realtime => "by webhook",
        ExportMode.Batch => "by journal",
        _ => "by webhook and journal",
    };

    public static string Events(EventStatus events) =>
        $"{(events.Waiting == 0 ? "No event waits" : $"{Number(events.Waiting)} events wait")} for a decision. {Number(events.Decided)} were decided in the last days.";

    public static string Key(ExportState state) => state.ToString().ToLowerInvariant();

    public static string State(ExportState state) => state switch
    {
        ExportState.Waiting => "due",
        ExportState.Exporting => "under way",
        ExportState.Exported => "done",
        _ => Key(state),
    };

    public static string? StateClass(ExportState state) => state switch
    {
        ExportState.Exported => "ok",
        ExportState.Failed => "bad",
        ExportState.Exporting => "open",
        _ => null,
    };

    public static string AssetUrl(string path) => $"/asset?path={Uri.EscapeDataString(path)}";

    public static string Name(string path) => path.StartsWith(AssetPath.Root + "/", StringComparison.Ordinal) ? path[(AssetPath.Root.Length + 1)..] : path;

    public static string Detail(ExportEntry export) => export.State switch
    {
        ExportState.Exported => $"{export.Location} ({Size(export.Bytes)})",
        ExportState.Exporting => $"attempt {export.Attempts}, {Size(export.Size)}",
        ExportState.Waiting when export.Reason is not null => $"{export.Reason} Again at {Time(export.DueAt)} UTC.",
        _ => export.Reason ?? "",
    };

    public static IEnumerable<(string Name, string Value)> Facts(ExportEntry export) =>
        from fact in new (string Name, string? Value)[]
        {
            ("Where", export.Location),
            ("Why", export.Reason),
            ("Due", export.State == ExportState.Waiting ? $"{Time(export.DueAt)} UTC" : null),
            ("Attempts", export.Attempts > 0 ? Number(export.Attempts) : null),
            ("Original", $"{Size(export.Size)}{(export.Sha1 is null ? "" : $", SHA-1 {export.Sha1}")}"),
            ("Changed", $"{Time(export.UpdatedAt)} UTC"),
        }
        where fact.Value is not null
        select (fact.Name, fact.Value!);

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static string Size(long? bytes) => bytes switch
    {
        null => "size unknown",
        < 1024 => $"{bytes} B",
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.##} GiB"),
    };
}
