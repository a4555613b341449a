using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>An accepted <c>/process</c> request. Properties that can be set are saved.</summary>
internal sealed class Job
{
    private int _open;

    public Job(string clientId, string requestId, JsonObject request, DateTimeOffset acceptedAt)
    {
        ClientId = clientId;
        RequestId = requestId;
        Request = request;
        AcceptedAt = acceptedAt;
        Renditions = [.. request["renditions"]!.AsArray().OfType<JsonObject>().Select((instructions, index) => new RenditionTask(this, index, instructions))];
        _open = Work.Count();
    }

    /// <summary>The unique id of the job. Clients may reuse request ids.</summary>
    [JsonIgnore]
    public Guid Id { get; set; } = Guid.NewGuid();

    public string ClientId { get; init; }

    public string RequestId { get; init; }

    public JsonObject Request { get; init; }

    /// <summary>The size of the request in bytes.</summary>
    public long RequestBytes { get; set; }

    /// <summary>The approximate memory use of the job. A source may be a data URI of several megabytes, which each event repeats.</summary>
    public long Bytes => RequestBytes * (1 + Renditions.Count);

    public DateTimeOffset AcceptedAt { get; init; }

    public IReadOnlyList<RenditionTask> Renditions { get; }

    /// <summary>The part of the renditions that is saved.</summary>
    public IReadOnlyList<RenditionProgress> Progress
    {
        get => Renditions;
        set
        {
            foreach (var (rendition, saved) in Renditions.Zip(value))
            {
                rendition.Restore(saved);
            }
        }
    }

    /// <summary>The renditions to process. Of the renditions that a worker makes together, only the first is included.</summary>
    public IEnumerable<RenditionTask> Work => Renditions.Where(rendition => rendition.Companions.First() == rendition);

    public JsonNode? Source => Request["source"];

    public JsonNode? UserData => Request["userData"];

    /// <summary>The URL of the source, in either notation.</summary>
    public string? SourceUrl => Source.StringOf() ?? (Source as JsonObject)?["url"].StringOf();

    /// <summary>The names by which a fault can select the source: its name, and the path of its URL.</summary>
    public IReadOnlyList<string> SourceNames => NamesOf((Source as JsonObject)?["name"].StringOf(), SourceUrl);

    public static IReadOnlyList<string> NamesOf(string? name, string? url)
    {
        var path = Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme != "data" ? Uri.UnescapeDataString(parsed.AbsolutePath) : null;
        return [.. new[] { name, path }.OfType<string>()];
    }

    /// <summary>The display name of the source: the name from the request, or the last segment of its URL.</summary>
    public string SourceName =>
        (Source as JsonObject)?["name"].StringOf() is { Length: > 0 } name ? name
        : SourceUrl is not { } url ? "no source"
        : url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "data URI"
        : Uri.TryCreate(url, UriKind.Absolute, out var uri) && Path.GetFileName(uri.AbsolutePath) is { Length: > 0 } file ? Uri.UnescapeDataString(file)
        : "source";

    /// <summary>The time when the source was fetched.</summary>
    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>The displayed size of the source in pixels, after it was rendered; null if it has none.</summary>
    public PixelSize? SourcePixels { get; set; }

    /// <summary>Whether all renditions were made or passed to their workers.</summary>
    public bool IsFinished { get; set; }

    public bool IsOpen => Renditions.Any(static rendition => rendition.IsOpen);

    /// <summary>The state for users: <c>open</c>, <c>failed</c> or <c>created</c>.</summary>
    public string State => IsOpen ? "open" : HasFailed ? "failed" : "created";

    public bool HasFailed => Renditions.Any(static rendition => rendition.State == RenditionState.Failed);

    /// <summary>Whether a name, the request id or the reason of a failure contains a text.</summary>
    public bool Mentions(string text)
    {
        bool Has(string? value) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
        return Has(RequestId) || Has(SourceName)
            || Renditions.Any(rendition => Has(rendition.Name) || Has(rendition.Outcome?.Reason) || Has(rendition.Outcome?.Message) || Has(rendition.Problem));
    }

    /// <summary>Counts a rendition as done. Returns true for the last one.</summary>
    public bool CountDown() => Interlocked.Decrement(ref _open) == 0;
}
