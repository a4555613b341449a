using System.Text;

namespace AssetCompute.Emulator;

/// <summary>A job with its events and calls, and one of its renditions next to the source.</summary>
internal sealed class JobView(Job job, int chosen, Uri endpoint, EmulatorParts parts)
{
    private const int MostCalls = 100;

    public Job Job => job;

    public IReadOnlyList<JournalRow> Events { get; } = [.. EventsOf(job, parts)];

    /// <summary>The calls of the job, oldest first: the request, and the emulator's downloads and uploads.</summary>
    public IReadOnlyList<EmulatorCall> Calls { get; } = [.. CallsOf(job, parts)];

    /// <summary>The rendition to compare with the source.</summary>
    public RenditionTask? Chosen { get; } = job.Renditions.FirstOrDefault(rendition => rendition.Index == chosen)
        ?? job.Renditions.FirstOrDefault(rendition => rendition.State == RenditionState.Created) ?? (job.Renditions.Count > 0 ? job.Renditions[0] : null);

    public string Curl => JobPrograms.Curl(job, endpoint, parts);

    public string CSharp => JobPrograms.CSharp(job, endpoint, parts);

    public string Address(string part) => $"/emulator/files/{job.Id:N}/{part}";

    public (string ContentType, long Length)? File(string part) => parts.Kept.Describe(job.Id, part);

    /// <summary>Returns the URL of what a browser shows for a part: the file itself, or a preview of it.</summary>
    public string? Picture(string part) => File(part) is { } file
        ? Address(part) + (KeptFiles.IsShown(file.ContentType) ? "" : "?picture")
        : parts.Kept.Has(job.Id, part + KeptFiles.Picture) ? Address(part) + "?picture" : null;

    /// <summary>Returns the duration of each completed step of a rendition.</summary>
    public IReadOnlyList<(string Name, TimeSpan From, TimeSpan Length)> Steps(RenditionTask rendition)
    {
        List<(string Name, TimeSpan From, TimeSpan Length)> steps = [];
        var at = job.AcceptedAt;
        void Add(string name, DateTimeOffset? until)
        {
            if (until is { } end)
            {
                end = end > at ? end : at;
                steps.Add((name, at - job.AcceptedAt, end - at));
                at = end;
            }
        }

        Add("queued", rendition.StartedAt);
        Add("fetched", rendition.StartedAt is null || job.FetchedAt > rendition.EndedAt ? null : job.FetchedAt);
        Add("rendered", rendition.RenderedAt);
        Add("uploaded", rendition.UploadedAt);
        Add("event written", rendition.EndedAt);
        Add("event first read", Events.FirstOrDefault(row => rendition.Event is { } json && row.Record.Event.AsSpan().SequenceEqual(json))?.Record.FirstReadAt);
        return steps;
    }

    private static IEnumerable<JournalRow> EventsOf(Job job, EmulatorParts parts)
    {
        var id = Encoding.UTF8.GetBytes($"\"{job.RequestId}\"");
        return parts.Registrations.OfClient(job.ClientId) is { } journal
            ? journal.Newest(int.MaxValue).Where(record => record.Event.AsSpan().IndexOf(id) >= 0).Reverse().Select(record => new JournalRow(journal.Registration, record, parts.Jobs.History))
            : [];
    }

    private static IEnumerable<EmulatorCall> CallsOf(Job job, EmulatorParts parts)
    {
        string?[] urls = [job.SourceUrl, .. job.Renditions.SelectMany(rendition => rendition.TargetUrls)];
        HashSet<string> paths = [.. urls.Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme != "data" ? uri.AbsolutePath : "")];
        return parts.Calls
            .Where(call => call.RequestId == job.RequestId || (call.Time >= job.AcceptedAt && paths.Contains(call.Path.Split('?')[0])))
            .Take(MostCalls);
    }
}
