using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A rendition of a job: its instructions as they were sent, and its result.</summary>
internal sealed class RenditionTask(Job job, int index, JsonObject instructions)
{
    private int _ended;

    public Job Job => job;

    public int Index => index;

    public JsonObject Instructions => instructions;

    public string? Worker => instructions["worker"].StringOf();

    /// <summary>The renditions that are made in one call: all of the same custom worker, or only this one.</summary>
    public IEnumerable<RenditionTask> Companions => Worker is { } worker ? job.Renditions.Where(other => other.Worker == worker) : [this];

    /// <summary>The target. <c>url</c> is its name in early versions of the service.</summary>
    public JsonNode? Target => instructions["target"] ?? instructions["url"];

    /// <summary>The URLs of the target.</summary>
    public IEnumerable<string?> TargetUrls => Target is JsonObject parts ? (parts["urls"] as JsonArray ?? []).Select(url => url.StringOf()) : [Target.StringOf()];

    /// <summary>The requested format in lower case. <c>type</c> is used if <c>fmt</c> is missing.</summary>
    public string Format =>
        (instructions["fmt"].StringOf() ?? MediaTypes.ExtensionOf(instructions["type"].StringOf()) ?? "").ToLowerInvariant();

    /// <summary>The file name that Adobe's worker uses in messages.</summary>
    public string FileName => $"rendition{index}.{Format}";

    /// <summary>The names by which a fault can select the rendition: its name, and the path of its first target URL.</summary>
    public IReadOnlyList<string> Names =>
        Job.NamesOf(instructions["name"].StringOf(), Target.StringOf() ?? ((Target as JsonObject)?["urls"] as JsonArray)?.FirstOrDefault().StringOf());

    /// <summary>
    /// How well the <c>rendition</c> of an event matches: the number of instructions that it repeats, minus those that it does not. Adobe's SDK adds a format and
    /// omits the target, and other workers may change more.
    /// </summary>
    public int Likeness(JsonNode? rendition) => instructions.Where(member => member.Key is not ("target" or "url"))
        .Sum(member => rendition is JsonObject said && JsonNode.DeepEquals(member.Value, said[member.Key]) ? 1 : -1);

    /// <summary>The name from the request, or the file name.</summary>
    public string Name => instructions["name"].StringOf() is { Length: > 0 } name ? name : FileName.TrimEnd('.');

    public RenditionState State { get; set; }

    public bool IsOpen => State is RenditionState.Queued or RenditionState.Working;

    /// <summary>The reason why there is no event, or details that the event does not contain.</summary>
    public string? Problem { get; set; }

    /// <summary>The event's JSON, once there is one.</summary>
    public byte[]? Event { get; private set; }

    /// <summary>The parsed content of the event.</summary>
    public RenditionOutcome? Outcome { get; private set; }

    /// <summary>The time when processing started.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The time when the file was made.</summary>
    public DateTimeOffset? RenderedAt { get; set; }

    /// <summary>The time when the rendition was uploaded to its target or embedded in its event.</summary>
    public DateTimeOffset? UploadedAt { get; set; }

    /// <summary>The time when the event was written.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Ends the rendition with its event. Returns false and changes nothing if it has already ended.</summary>
    public bool TryEnd(RenditionState state, byte[] json, DateTimeOffset time)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return false;
        }

        Event = json;
        Outcome = RenditionOutcome.Of(json);
        EndedAt = time;
        State = state;
        return true;
    }
}
