using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>
/// Renders the repository as JSON, as the author's default servlet does: <c>.json</c>, <c>.1.json</c> and <c>.infinity.json</c> of a folder, an asset or a node
/// below one.
/// </summary>
internal static partial class AemNodes
{
    private static readonly string[] StandardRenditions = ["cq5dam.thumbnail.48.48.png", "cq5dam.thumbnail.140.100.png", "cq5dam.thumbnail.319.319.png", "cq5dam.web.1280.1280.jpeg"];

    /// <summary>Returns the node for a path with a selector, cut at the requested depth; null if there is no such node.</summary>
    public static JsonObject? Find(AemRepository repository, string path)
    {
        var match = Selector().Match(path);
        if (!match.Success)
        {
            return null;
        }

        var depth = match.Groups["depth"].Value switch
        {
            "" => 0,
            "infinity" => int.MaxValue,
            var number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var levels) ? levels : int.MaxValue,
        };
        var node = path[..match.Index].Replace("/_jcr_content", "/jcr:content", StringComparison.Ordinal);
        var content = node.IndexOf("/jcr:content", StringComparison.Ordinal);
        if (repository.Find(content < 0 ? node : node[..content]) is { } asset)
        {
            JsonNode? found = Of(asset);
            foreach (var name in content < 0 ? [] : node[(content + 1)..].Split('/'))
            {
                found = (found as JsonObject)?[name];
            }

            return found is JsonObject part ? Cut(part, depth) : null;
        }

        return repository.Within(node) is { Count: > 0 } assets ? Cut(Folder(node, assets), depth) : null;
    }

    public static JsonObject Of(AemAsset asset)
    {
        var renditions = new JsonObject { ["jcr:primaryType"] = "nt:folder", ["original"] = File(asset.ContentType) };
        if (asset.ContentType.StartsWith("image/", StringComparison.Ordinal))
        {
            foreach (var name in StandardRenditions)
            {
                renditions[name] = File(MediaTypes.OfFileName(name) ?? MediaTypes.Binary);
            }
        }

        return new JsonObject
        {
            ["jcr:primaryType"] = "dam:Asset",
            ["jcr:created"] = AemMetadata.Text(asset.CreatedAt),
            ["jcr:createdBy"] = "emulator",
            ["jcr:uuid"] = asset.Id[(asset.Id.LastIndexOf(':') + 1)..],
            ["jcr:content"] = new JsonObject
            {
                ["jcr:primaryType"] = "dam:AssetContent",
                ["jcr:lastModified"] = AemMetadata.Text(asset.ModifiedAt),
                ["dam:assetState"] = "processed",
                ["metadata"] = AemMetadata.Of(asset),
                ["renditions"] = renditions,
            },
        };
    }

    private static JsonObject File(string contentType) => new()
    {
        ["jcr:primaryType"] = "nt:file",
        ["jcr:content"] = new JsonObject { ["jcr:primaryType"] = "nt:resource", ["jcr:mimeType"] = contentType },
    };

    private static JsonObject Folder(string path, IEnumerable<AemAsset> assets)
    {
        var folder = new JsonObject { ["jcr:primaryType"] = "sling:Folder" };
        foreach (var child in assets.GroupBy(asset => asset.Path[(path.Length + 1)..].Split('/')[0], StringComparer.Ordinal))
        {
            var childPath = $"{path}/{child.Key}";
            folder[child.Key] = child.First().Path == childPath ? Of(child.First()) : Folder(childPath, child);
        }

        return folder;
    }

    /// <summary>Properties are always included, child nodes only down to a level.</summary>
    private static JsonObject Cut(JsonObject node, int levels) => new(node
        .Where(member => levels > 0 || member.Value is not JsonObject)
        .Select(member => KeyValuePair.Create(member.Key, member.Value is JsonObject child ? Cut(child, levels - 1) : member.Value?.DeepClone())));

    [GeneratedRegex(@"(\.(?<depth>[0-9]+|infinity))?\.json$", RegexOptions.ExplicitCapture)]
    private static partial Regex Selector();
}
