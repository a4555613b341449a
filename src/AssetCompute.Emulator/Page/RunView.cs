using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The initial content of the form that runs a request.</summary>
/// <param name="Json">The request.</param>
/// <param name="Known">The available sources: the text in the request, and the name.</param>
internal sealed record RunView(string Json, IReadOnlyList<(string Kept, string Name)> Known)
{
    private const int MostKnown = 30;

    public static RunView Of(string? kept, Job? again, PageRuns runs, IEnumerable<Job> jobs)
    {
        var request = again?.Request.DeepClone().AsObject() ?? [];
        if (runs.Open(kept) is var (name, file))
        {
            file.Dispose();
            request["source"] = new JsonObject { ["kept"] = kept, ["name"] = again?.SourceName ?? name };
        }

        request["renditions"] = new JsonArray([.. (again?.Renditions ?? []).Select(rendition => rendition.WithoutTarget())]);
        return new(
            Encoding.UTF8.GetString(JsonText.ToBytes(request, indented: true)),
            [(PageRuns.Photograph, "our photograph"), .. jobs.DistinctBy(job => job.SourceName).Take(MostKnown).Select(job => (job.Id.ToString("N"), job.SourceName))]);
    }
}
