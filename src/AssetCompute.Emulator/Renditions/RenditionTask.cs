using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A rendition of a job: its instructions as they were sent, and its result.</summary>
internal sealed class RenditionTask(Job job, int index, JsonObject instructions) : RenditionProgress
{
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
    public IReadOnlyList<string> Names => Job.NamesOf(instructions["name"].StringOf(), TargetUrls.FirstOrDefault());

    /// <summary>The name from the request, or the file name.</summary>
    public string Name => instructions["name"].StringOf() is { Length: > 0 } name ? name : FileName.TrimEnd('.');

    /// <summary>Returns a copy of the instructions for another target.</summary>
    public JsonObject WithoutTarget()
    {
        var copy = instructions.DeepClone().AsObject();
        copy.Remove("target");
        copy.Remove("url");
        return copy;
    }

    /// <summary>
    /// How well the <c>rendition</c> of an event matches: the number of instructions that it repeats, minus those that it does not. Adobe's SDK adds a format and
    /// omits the target, and other workers may change more.
    /// </summary>
    public int Likeness(JsonNode? rendition) => instructions.Where(member => member.Key is not ("target" or "url"))
        .Sum(member => rendition is JsonObject said && JsonNode.DeepEquals(member.Value, said[member.Key]) ? 1 : -1);

    /// <summary>Sets the state and result that an earlier run of the emulator saved.</summary>
    public void Restore(RenditionProgress saved)
    {
        (State, Problem, Event) = (saved.State, saved.Problem, saved.Event);
        (StartedAt, RenderedAt, UploadedAt, EndedAt) = (saved.StartedAt, saved.RenderedAt, saved.UploadedAt, saved.EndedAt);
    }
}
