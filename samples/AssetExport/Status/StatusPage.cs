using System.Globalization;
using System.Net;
using System.Text;

namespace AssetExport;

/// <summary>The status as a page that loads nothing and needs no script.</summary>
internal static class StatusPage
{
    private static readonly (string State, string Title)[] Sections =
    [
        ("failed", "Failed"),
        ("exporting", "Under way"),
        ("waiting", "Waiting"),
        ("scheduled", "Scheduled"),
        ("exported", "Exported"),
        ("skipped", "Left out"),
    ];

    public static string Create(StatusReport report)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="refresh" content="5">
            <title>{report.Totals["failed"]} failed, {report.Totals["exported"]} exported · asset export</title>
            <style>
            {Style.Value}
            </style>
            </head>
            <body>
            <header>
            <h1>Asset export</h1>
            <p>{Escape(Summary(report))}</p>
            </header>
            <main>

            """);
        Counts(page, report);
        Destinations(page, report);
        if (report.Inbox.DeadLetters.Count > 0)
        {
            DeadLetters(page, report.Inbox.DeadLetters);
        }

        foreach ((string state, string title) in Sections.Where(section => report.Recent[section.State].Count > 0))
        {
            Exports(page, report, state, title);
        }

        page.Append(CultureInfo.InvariantCulture, $"""
            </main>
            <footer><p>{Time(report.Time)} UTC · refreshes every 5 seconds · <a href="/status.json">status.json</a> · <a href="/healthz">healthz</a></p></footer>
            </body>
            </html>

            """);
        return page.ToString();
    }

    private static Lazy<string> Style { get; } = new(static () =>
    {
        using StreamReader reader = new(typeof(StatusPage).Assembly.GetManifestResourceStream("status.css")!);
        return reader.ReadToEnd().TrimEnd();
    });

    private static string Summary(StatusReport report)
    {
        List<string> parts = [report.Mode switch { ExportMode.Realtime => "By webhook", ExportMode.Batch => "By journal", _ => "By webhook and journal" }];
        if (report.Journal is { } journal)
        {
            parts.Add(journal.Description.TrimEnd('.'));
        }

        parts.Add(report.Inbox.Waiting == 0 ? "no event waits for a decision" : $"{report.Inbox.Waiting:N0} events wait for a decision");
        if (report.NextBatch is { } next)
        {
            parts.Add($"next batch at {next:HH:mm:ss} UTC");
        }

        return string.Join(" · ", parts);
    }

    private static void Counts(StringBuilder page, StatusReport report)
    {
        page.Append("<ul class=\"counts\">\n");
        foreach (string state in (string[])["exported", "exporting", "waiting", "scheduled", "failed", "skipped"])
        {
            page.Append(CultureInfo.InvariantCulture, $"<li class=\"{state}{(report.Totals[state] == 0 ? " none" : "")}\"><strong>{report.Totals[state]:N0}</strong> {TitleOf(state)}</li>\n");
        }

        page.Append("</ul>\n");
    }

    private static void Destinations(StringBuilder page, StatusReport report)
    {
        page.Append("<section><h2>Destinations</h2>\n<div class=\"table\"><table><thead><tr><th>name</th><th>kind</th>");
        string[] states = ["exported", "exporting", "waiting", "scheduled", "failed"];
        foreach (string state in states)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th class=\"number\">{TitleOf(state)}</th>");
        }

        bool hasFailed = report.Destinations.Any(CanRetry);
        page.Append(CultureInfo.InvariantCulture, $"{(hasFailed ? "<th></th>" : "")}</tr></thead><tbody>\n");
        foreach (DestinationStatus destination in report.Destinations.Where(static destination => destination.Name.Length > 0))
        {
            string kind = destination.Type is { } type ? Escape(type) : "<span class=\"bad\">not in the settings</span>";
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(destination.Name)}</td><td>{kind}</td>");
            foreach (string state in states)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"number{(destination.States[state] == 0 ? " quiet" : "")}\">{destination.States[state]:N0}</td>");
            }

            string button = CanRetry(destination) ? Button($"/exports/retry?destination={Uri.EscapeDataString(destination.Name)}", $"{destination.States["failed"]:N0} failed to {destination.Name}", "Try failed again") : "";
            page.Append(CultureInfo.InvariantCulture, $"{(hasFailed ? $"<td>{button}</td>" : "")}</tr>\n");
        }

        page.Append("</tbody></table></div></section>\n");
    }

    /// <summary>What goes to a destination that is not in the settings fails again.</summary>
    private static bool CanRetry(DestinationStatus destination) => destination.Type is not null && destination.States["failed"] > 0;

    private static void DeadLetters(StringBuilder page, IReadOnlyList<DeadLetterStatus> letters)
    {
        page.Append("<section class=\"failed\"><h2>Events that were given up</h2>\n<div class=\"table\"><table><thead><tr><th>event</th><th>why</th><th>when (UTC)</th><th></th></tr></thead><tbody>\n");
        foreach (DeadLetterStatus letter in letters)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr><td class="path">{Escape(letter.Id)}</td><td class="why">{Escape(letter.Reason)}</td><td class="time">{Time(letter.Time)}</td><td>{Button($"/events/retry?id={Uri.EscapeDataString(letter.Id)}", letter.Id)}</td></tr>

                """);
        }

        page.Append("</tbody></table></div></section>\n");
    }

    private static void Exports(StringBuilder page, StatusReport report, string state, string title)
    {
        IReadOnlyList<ExportEntry> exports = report.Recent[state];
        string more = report.Totals[state] > exports.Count ? $" <small>the newest {exports.Count:N0} of {report.Totals[state]:N0}</small>" : "";
        string all = state == "failed" && report.Destinations.Any(CanRetry) ? Button("/exports/retry", "everything that has failed", "Try all again") : "";
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"{state}\"><div class=\"head\"><h2>{title}{more}</h2>{all}</div>\n");
        bool canRetry = state is "failed" or "waiting" or "scheduled";
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"table\"><table><thead><tr><th>asset</th><th>destination</th><th>{DetailTitle(state)}</th><th class=\"number\">attempts</th><th>since (UTC)</th>{(canRetry ? "<th></th>" : "")}</tr></thead><tbody>\n");
        foreach (ExportEntry export in exports)
        {
            string button = !canRetry ? "" : $"<td>{Button($"/exports/{export.Id}/retry", $"{export.Path} to {export.Destination}", state == "failed" ? "Try again" : "Now")}</td>";
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr><td class="path">{Escape(export.Path["/content/dam/".Length..])}</td><td>{Escape(export.Destination.Length == 0 ? "none" : export.Destination)}</td><td class="why">{Detail(export)}</td><td class="number">{export.Attempts}</td><td class="time">{Time(export.UpdatedAt)}</td>{button}</tr>

                """);
        }

        page.Append("</tbody></table></div></section>\n");
    }

    private static string DetailTitle(string state) => state switch
    {
        "exported" => "where",
        "exporting" => "size",
        _ => "why",
    };

    private static string Detail(ExportEntry export) => export.State switch
    {
        ExportState.Exported => $"{Escape(export.Location ?? "")} <span class=\"quiet\">{Size(export.Bytes)}</span>",
        ExportState.Exporting => Size(export.Size),
        ExportState.Waiting when export.Reason is not null => $"{Escape(export.Reason)} <span class=\"quiet\">again at {Time(export.DueAt)} UTC</span>",
        ExportState.Scheduled => "in a batch",
        _ => Escape(export.Reason ?? ""),
    };

    private static string Button(string action, string what, string text = "Try again") =>
        $"""<form method="post" action="{Escape(action)}"><button aria-label="{Escape($"{text}: {what}")}">{text}</button></form>""";

    private static string TitleOf(string state) => state switch
    {
        "exporting" => "under way",
        "skipped" => "left out",
        _ => state,
    };

    private static string Size(long? bytes) => bytes switch
    {
        null => "",
        < 1024 => $"{bytes} B",
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.##} GiB"),
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
