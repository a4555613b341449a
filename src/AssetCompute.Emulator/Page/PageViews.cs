using System.Text;
using AssetCompute.Emulator.Views;
using RazorSlices;

namespace AssetCompute.Emulator;

/// <summary>Collects the data for each view of the page.</summary>
internal sealed class PageViews(EmulatorParts parts, PageRuns runs)
{
    /// <summary>The maximum number of events to search, because each is parsed as text.</summary>
    private const int MostSearched = 10_000;

    public PageFrame Frame(string title, string tab, string live, Uri endpoint, RazorSlice view) => new(
        title,
        tab,
        [
            ("/", "Jobs", parts.Jobs.History.Newest.Count),
            ("/run", "Run", null),
            ("/events", "Events", Total()),
            ("/calls", "Calls", parts.Calls.Total),
            ("/assets", "Assets", parts.Aem.Assets.Count),
            ("/faults", "Faults", parts.Faults.Describe().Count),
        ],
        endpoint,
        live,
        view);

    public RazorSlice Jobs(PageQuery query, Uri endpoint)
    {
        var jobs = parts.Jobs.History.Newest;
        var forgotten = parts.Jobs.History.Forgotten;
        if (jobs.Count == 0 && forgotten == 0)
        {
            return new Page_Welcome { Model = (endpoint, parts.Clients.All.First()) };
        }

        return new Page_Jobs
        {
            Model = (parts.Kept, PageList<Job>.Of(
                query, "jobs", "name, request id or reason", jobs, static (job, text) => job.Mentions(text),
                ("", "All", static _ => true),
                ("open", "Open", static job => job.State == "open"),
                ("created", "Created", static job => job.State == "created"),
                ("failed", "Failed", static job => job.HasFailed)) with
            {
                Clear = "DELETE /emulator/jobs",
                Note = forgotten == 0 ? null : $"{PageText.Number(forgotten)} older ones were removed",
            }),
        };
    }

    public RazorSlice? Job(string id, int chosen, Uri endpoint) => parts.Jobs.History.Find(id) is { } job ? new Page_Job { Model = new(job, chosen, endpoint, parts) } : null;

    public RazorSlice Run(string? source, string? job)
    {
        var again = parts.Jobs.History.Find(job);
        var kept = source ?? (again is not null && parts.Kept.Has(again.Id, KeptFiles.Source) ? job : again is null ? PageRuns.Photograph : null);
        return new Page_Run { Model = RunView.Of(kept, again, runs, parts.Jobs.History.Newest.Where(known => parts.Kept.Has(known.Id, KeptFiles.Source))) };
    }

    public RazorSlice Events(PageQuery query)
    {
        var rows = Entries(MostSearched);
        var count = Total();
        return new Page_Events
        {
            Model = PageList<JournalRow>.Of(
                query, "events", "the event", rows, static (row, text) => Encoding.UTF8.GetString(row.Record.Event).Contains(text, StringComparison.OrdinalIgnoreCase),
                ("", "All", static _ => true),
                ("created", "Created", static row => row.Is("\"rendition_created\""u8)),
                ("failed", "Failed", static row => row.Is("\"rendition_failed\""u8)),
                ("other", "Other", static row => !row.Is("\"rendition_created\""u8) && !row.Is("\"rendition_failed\""u8))) with
            {
                Note = count > rows.Count ? $"the newest {PageText.Number(rows.Count)} of {PageText.Number(count)} are searched" : null,
            },
        };
    }

    public RazorSlice? Entry(string position) => Entries(int.MaxValue).FirstOrDefault(row => row.Record.Position == position) is { } row ? new Page_Entry { Model = row } : null;

    public RazorSlice Calls(PageQuery query)
    {
        // A waiting client makes hundreds of these calls, which would hide the others.
        var all = parts.Calls.Reverse().ToArray();
        EmulatorCall[] calls = [.. all.Where(call => call is not { Operation: EmulatorOperation.Journal, Status: 204, Fault: null })];
        return new Page_Calls
        {
            Model = PageList<EmulatorCall>.Of(
                query, "calls", "path, request id or fault", calls,
                static (call, text) => $"{call.Method} {call.Path} {call.RequestId} {call.Operation} {call.Fault}".Contains(text, StringComparison.OrdinalIgnoreCase),
                ("", "All", static _ => true),
                ("failed", "Failed", static call => call.Status is 0 or >= 400),
                ("faults", "Faults", static call => call.Fault is not null)) with
            {
                Clear = "DELETE /emulator/calls",
                Note = all.Length == calls.Length ? null : $"{PageText.Number(all.Length - calls.Length)} reads of the journal returned nothing (204)",
            },
        };
    }

    public RazorSlice? Call(long sequence) => parts.Calls.FirstOrDefault(call => call.Sequence == sequence) is { } call ? new Page_Call { Model = call } : null;

    public RazorSlice Assets(PageQuery query) => new Page_Assets
    {
        Model = (
            [.. parts.Aem.Registrations],
            PageList<AemAsset>.Of(
                query, "assets", "path or metadata", [.. parts.Aem.Assets.OrderByDescending(asset => asset.PublishedAt ?? asset.ModifiedAt)],
                static (asset, text) => asset.Path.Contains(text, StringComparison.OrdinalIgnoreCase) || asset.Metadata.Any(pair => $"{pair.Key} {pair.Value}".Contains(text, StringComparison.OrdinalIgnoreCase)),
                ("", "All", static _ => true),
                ("published", "Published", static asset => asset.PublishedAt is not null),
                ("waiting", "Not published", static asset => asset.PublishedVersion != asset.Version))),
    };

    public RazorSlice Faults() => new Page_Faults { Model = parts.Faults.Describe() };

    private IReadOnlyList<JournalRow> Entries(int most) =>
    [
        .. parts.Registrations.Journals
            .SelectMany(journal => journal.Newest(most).Select(record => new JournalRow(journal.Registration, record, parts.Jobs.History)))
            .OrderByDescending(row => row.Record.Time)
            .Take(most),
    ];

    private long Total() => parts.Registrations.Journals.Sum(journal => journal.Count);
}
