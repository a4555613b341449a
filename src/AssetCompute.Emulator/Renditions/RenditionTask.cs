using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>One rendition of a job: its instructions as they were sent, and what became of it.</summary>
internal sealed class RenditionTask(Job job, int index, JsonObject instructions)
{
    private int _ended;

    public Job Job => job;

    public int Index => index;

    public JsonObject Instructions => instructions;

    public string? Worker => instructions["worker"].StringOf();

    /// <summary>The renditions that share one call: all of the same custom worker, or this one alone.</summary>
    public IEnumerable<RenditionTask> Companions => Worker is { } worker ? job.Renditions.Where(other => other.Worker == worker) : [this];

    /// <summary>The target, or the name that it had in the service's first years.</summary>
    public JsonNode? Target => instructions["target"] ?? instructions["url"];

    /// <summary>The URLs of the target, one or several.</summary>
    public IEnumerable<string?> TargetUrls => Target is JsonObject parts ? (parts["urls"] as JsonArray ?? []).Select(url => url.StringOf()) : [Target.StringOf()];

    /// <summary>The requested format in lower case, taken from <c>type</c> when <c>fmt</c> is missing.</summary>
    public string Format =>
        (instructions["fmt"].StringOf() ?? MediaTypes.ExtensionOf(instructions["type"].StringOf()) ?? "").ToLowerInvariant();

    /// <summary>What Adobe's worker calls the file: it appears in messages.</summary>
    public string FileName => $"rendition{index}.{Format}";

    /// <summary>By what a fault may mean it: its name, and the path of its (first) target.</summary>
    public IReadOnlyList<string> Names =>
        Job.NamesOf(instructions["name"].StringOf(), Target.StringOf() ?? ((Target as JsonObject)?["urls"] as JsonArray)?.FirstOrDefault().StringOf());

    /// <summary>
    /// How well an event's <c>rendition</c> fits: the instructions that it repeats, less those that it does not. Adobe's SDK fills in a format and leaves the target out,
    /// and other workers may do more.
    /// </summary>
    public int Likeness(JsonNode? rendition) => instructions.Where(member => member.Key is not ("target" or "url"))
        .Sum(member => rendition is JsonObject said && JsonNode.DeepEquals(member.Value, said[member.Key]) ? 1 : -1);

    /// <summary>The name that the request gives it, or the file's.</summary>
    public string Name => instructions["name"].StringOf() is { Length: > 0 } name ? name : FileName.TrimEnd('.');

    public RenditionState State { get; set; }

    public bool IsOpen => State is RenditionState.Queued or RenditionState.Working;

    /// <summary>Why there is no event, or what its event does not say.</summary>
    public string? Problem { get; set; }

    /// <summary>The event's JSON, once there is one.</summary>
    public byte[]? Event { get; private set; }

    /// <summary>What the event says.</summary>
    public RenditionOutcome? Outcome { get; private set; }

    /// <summary>When the work on it began.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When the file was made.</summary>
    public DateTimeOffset? RenderedAt { get; set; }

    /// <summary>When the target had it, or its event.</summary>
    public DateTimeOffset? UploadedAt { get; set; }

    /// <summary>When the event was written.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Ends the rendition with its event; false, and nothing changes, when it has ended already.</summary>
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
