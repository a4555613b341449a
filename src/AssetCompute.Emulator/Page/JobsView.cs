using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The jobs, newest first, with their renditions as thumbnails.</summary>
internal static class JobsView
{
    private const int MostJobs = 50;
    private const int MostJsonShown = 20_000;

    public static void Add(Html html, IReadOnlyList<Job> jobs)
    {
        if (jobs.Count == 0)
        {
            html.Add($"""<p class="empty">No job yet. Send one to <code>/process</code>.</p>""");
            return;
        }

        foreach (var job in jobs.Take(MostJobs))
        {
            AddJob(html, job);
        }

        if (jobs.Count > MostJobs)
        {
            html.Add($"""<p class="empty">and {jobs.Count - MostJobs} older ones</p>""");
        }
    }

    private static void AddJob(Html html, Job job)
    {
        var created = job.Renditions.Count(rendition => rendition.State == RenditionState.Created);
        var failed = job.Renditions.Count(rendition => rendition.State == RenditionState.Failed);
        html.Add($"""
            <article class="job" aria-label="Job {job.RequestId}">
            <h3>{SourceName(job)}</h3>
            <p class="facts"><time>{Time(job.AcceptedAt)}</time> <code>{job.RequestId}</code> {created} of {job.Renditions.Count} created
            """);
        if (failed > 0)
        {
            html.Add($""" <strong class="bad">{failed} failed</strong>""");
        }

        html.Add($"""</p><ul class="renditions">""");
        foreach (var rendition in job.Renditions)
        {
            AddRendition(html, job, rendition);
        }

        html.Add($"</ul>");
        AddJson(html, $"{job.Id:N}-request", "Request", WithoutSecrets(job.Request));
        html.Add($"</article>");
    }

    private static void AddRendition(Html html, Job job, RenditionTask rendition)
    {
        var @event = rendition.Event is { } bytes ? JsonNode.Parse(bytes)!.AsObject() : null;

        // Whatever a custom worker sends is shown; it need not have Adobe's form.
        var metadata = @event?["metadata"] as JsonObject;
        html.Add($"""<li class="{StateOf(rendition)}"><div class="picture">""");
        if (rendition.State == RenditionState.Created && PageThumbnails.IsShown(metadata?["dc:format"].StringOf()))
        {
            html.Add($"""<img src="/emulator/thumbnails/{job.Id.ToString("N")}/{rendition.Index}" alt="" loading="lazy">""");
        }
        else
        {
            html.Add($"""<span class="format" aria-hidden="true">{(rendition.Format.Length > 0 ? rendition.Format : "worker")}</span>""");
        }

        html.Add($"""</div><p class="name">""");
        foreach (var part in NameOf(rendition).Split('.').Index())
        {
            // Long names of many parts break between the parts.
            html.Add($"{(part.Index > 0 ? "." : "")}").Add($"{part.Item}<wbr>");
        }

        html.Add($"""</p><p class="state">{StateOf(rendition)}</p>""");
        if (metadata is not null && rendition.State == RenditionState.Created)
        {
            html.Add($"""<p class="facts">{Describe(metadata)}</p>""");
        }
        else if (rendition.State == RenditionState.Failed)
        {
            html.Add($"""<p class="facts"><strong class="bad">{@event?["errorReason"].StringOf() ?? "no event"}</strong> {@event?["errorMessage"].StringOf()}</p>""");
            if (rendition.Problem is { } problem && problem != @event?["errorMessage"].StringOf())
            {
                html.Add($"""<p class="facts">{problem}</p>""");
            }
        }

        if (@event is not null)
        {
            AddJson(html, $"{job.Id:N}-{rendition.Index}", "Event", WithoutSecrets(@event));
        }

        html.Add($"</li>");
    }

    internal static void AddJson(Html html, string key, string title, JsonNode json)
    {
        var text = Encoding.UTF8.GetString(JsonText.ToBytes(json, indented: true));
        var shown = text.Length > MostJsonShown ? text[..MostJsonShown] + "\n… and more" : text;
        html.Add($"""<details data-key="{key}"><summary>{title}</summary><pre tabindex="0">{shown}</pre></details>""");
    }

    internal static string Time(DateTimeOffset time) => time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>Signed URLs are keys to what they point at; a screen that is shown around needs only the place. Long data URIs are cut.</summary>
    internal static JsonNode WithoutSecrets(JsonNode json)
    {
        switch (json)
        {
            case JsonObject @object:
                return new JsonObject(@object.Select(member => KeyValuePair.Create(member.Key, member.Key == "headers" ? "***" : member.Value is null ? null : WithoutSecrets(member.Value))));
            case JsonArray array:
                return new JsonArray([.. array.Select(item => item is null ? null : WithoutSecrets(item))]);
            default:
                return json.StringOf() is { } text ? JsonValue.Create(Shown(text)) : json.DeepClone();
        }
    }

    private static string Shown(string text)
    {
        if (DataUri.Is(text))
        {
            return text.Length <= 80 ? text : $"{text[..80]}… ({text.Length} characters)";
        }

        var isUrl = text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal);
        return isUrl && text.Contains('?', StringComparison.Ordinal) ? text[..text.IndexOf('?', StringComparison.Ordinal)] + "?***" : text;
    }

    private static string SourceName(Job job)
    {
        var name = (job.Source as JsonObject)?["name"].StringOf();
        if (name is not null || job.SourceUrl is not { } url)
        {
            return name ?? "no source";
        }

        return DataUri.Is(url) ? "data URI"
            : Uri.TryCreate(url, UriKind.Absolute, out var uri) && Path.GetFileName(uri.AbsolutePath) is { Length: > 0 } file ? Uri.UnescapeDataString(file)
            : "source";
    }

    private static string NameOf(RenditionTask rendition) => rendition.Instructions["name"].StringOf() ?? rendition.FileName.TrimEnd('.');

    private static string Describe(JsonObject metadata)
    {
        var pixels = (metadata["tiff:imageWidth"] ?? metadata["tiff:ImageWidth"], metadata["tiff:imageHeight"] ?? metadata["tiff:ImageLength"]) is ({ } width, { } height)
            ? $"{width} × {height}, "
            : "";
        return $"{pixels}{metadata["repo:size"]?.ToJsonString()} bytes";
    }

    private static string StateOf(RenditionTask rendition) => rendition.State switch
    {
        RenditionState.Queued => "queued",
        RenditionState.Working => "working",
        RenditionState.Created => "created",
        _ => "failed",
    };
}
