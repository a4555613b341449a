namespace AssetCompute.Emulator;

/// <summary>The whole page: its sections, each of which is also sent alone when something in it changed.</summary>
internal sealed class PageView(EmulatorParts parts)
{
    public static readonly string[] Sections = ["jobs", "faults", "aem", "journal", "calls"];

    public string Page(Uri endpoint)
    {
        var client = parts.Clients.All.First();
        var html = new Html();
        html.Add($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Asset Compute emulator</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/emulator/page.css">
            <script src="/emulator/page.js" defer></script>
            </head>
            <body>
            <a class="skip" href="#jobs">Skip to the jobs</a>
            <header>
            <h1>Asset Compute emulator</h1>
            <p class="settings"><span>{endpoint.AbsoluteUri}</span> <span>client <code>{client.ClientId}</code></span> <span>organization <code>{client.OrganizationId}</code></span></p>
            <p id="live" role="status">Not live: reload to see what is new.</p>
            <nav aria-label="Sections">
            """);
        foreach (var section in Sections)
        {
            html.Add($"""<a href="#{section}">{Title(section)}</a>""");
        }

        html.Add($"</nav></header><main>");
        foreach (var section in Sections)
        {
            html.Add($"""<section id="{section}" aria-labelledby="{section}-title" tabindex="-1"><h2 id="{section}-title">{Title(section)}</h2><div class="content">""");
            AddSection(html, section);
            html.Add($"</div></section>");
        }

        return html.Add($"</main></body></html>").ToString();
    }

    public string Section(string section)
    {
        var html = new Html();
        AddSection(html, section);
        return html.ToString();
    }

    private void AddSection(Html html, string section)
    {
        switch (section)
        {
            case "jobs":
                JobsView.Add(html, parts.Jobs.Newest);
                break;
            case "journal":
                JournalView.Add(html, parts.Registrations.Journals);
                break;
            case "aem":
                AemView.Add(html, parts.Aem);
                break;
            case "calls":
                CallsView.Add(html, parts.Calls);
                break;
            case "faults":
                FaultsView.Add(html, parts.Faults.Describe());
                break;
        }
    }

    private static string Title(string section) => section == "aem" ? "AEM" : char.ToUpperInvariant(section[0]) + section[1..];
}
