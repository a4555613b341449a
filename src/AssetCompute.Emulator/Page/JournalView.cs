using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The journals' newest entries with their positions.</summary>
internal static class JournalView
{
    private const int MostEntries = 20;

    public static void Add(Html html, IReadOnlyCollection<EventJournal> journals)
    {
        if (journals.Count == 0)
        {
            html.Add($"""<p class="empty">Nobody is registered yet: call <code>/register</code>.</p>""");
        }

        foreach (var journal in journals)
        {
            html.Add($"""<h3>{journal.Registration.Name ?? journal.Registration.ClientId}</h3><p class="facts"><code>{journal.Registration.JournalPath}</code> {journal.Count} events</p><ol class="entries" reversed>""");
            foreach (var record in journal.Newest(MostEntries))
            {
                var @event = JsonNode.Parse(record.Event);
                html.Add($"""<li><p><time>{JobsView.Time(record.Time)}</time> <strong>{TypeOf(@event as JsonObject)}</strong> <code class="position">{record.Position}</code></p>""");
                JobsView.AddJson(html, record.Position, "Entry", JobsView.WithoutSecrets(@event ?? JsonValue.Create("null")));
                html.Add($"</li>");
            }

            html.Add($"</ol>");
        }
    }

    private static string TypeOf(JsonObject? @event) => @event?["type"].StringOf() ?? @event?["@type"].StringOf() ?? "event";
}
