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
        var request = new JsonObject();
        var source = runs.Open(kept);
        source?.File.Dispose();
        if (source is { } file)
        {
            request["source"] = new JsonObject { ["kept"] = kept, ["name"] = again?.SourceName ?? file.Name };
        }
        else if (again?.Source is { } named)
        {
            request["source"] = named.DeepClone();
        }

        request["renditions"] = new JsonArray([.. (again?.Renditions ?? []).Select(rendition => rendition.WithoutTarget())]);
        foreach (var (name, value) in again?.Request ?? [])
        {
            if (name is not ("source" or "renditions"))
            {
                request[name] = value?.DeepClone();
            }
        }

        return new(
            Encoding.UTF8.GetString(JsonText.ToBytes(request, indented: true)),
            [(PageRuns.Photograph, "our photograph"), .. jobs.DistinctBy(job => job.SourceName).Take(MostKnown).Select(job => (job.Id.ToString("N"), job.SourceName))]);
    }
}
