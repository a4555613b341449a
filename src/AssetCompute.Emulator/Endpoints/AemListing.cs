using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>Lists folders and assets in the Siren format of AEM's Assets HTTP API, page by page.</summary>
internal sealed class AemListing(AemRepository repository)
{
    private const string Suffix = ".json";
    private const string ApiRoot = "/api/assets";
    private const int DefaultLimit = 20;

    public Task WriteAsync(HttpContext context, string apiPath)
    {
        // The path without its suffix. The root of the API lists the root folder.
        var name = apiPath.EndsWith(Suffix, StringComparison.Ordinal) ? apiPath[..^Suffix.Length] : apiPath;
        var path = name.Length == 0 ? AemPath.Root : $"{AemPath.Root}/{name}";
        var origin = context.Request.Origin().AbsoluteUri.TrimEnd('/');
        var query = context.Request.Query;
        return context.WriteJsonAsync(
            StatusCodes.Status200OK,
            repository.Find(path) is { } asset ? Entity(origin, path, asset)
            : ChildrenOf(path) is var children && (children.Count > 0 || path == AemPath.Root) ? Page(origin, path, children, Number(query, "offset", 0, least: 0), Number(query, "limit", DefaultLimit, least: 1))
            : throw AemEndpoints.NotFound());
    }

    private List<(string Path, AemAsset? Asset)> ChildrenOf(string folder)
    {
        var children = new SortedDictionary<string, AemAsset?>(StringComparer.Ordinal);
        foreach (var asset in repository.Within(folder))
        {
            var end = asset.Path.IndexOf('/', folder.Length + 1);
            children[end < 0 ? asset.Path : asset.Path[..end]] = end < 0 ? asset : null;
        }

        return [.. children.Select(child => (child.Key, child.Value))];
    }

    private static JsonObject Page(string origin, string folder, List<(string Path, AemAsset? Asset)> children, int offset, int limit)
    {
        var self = UrlOf(origin, folder);
        var links = new JsonArray(Link("self", Slice(self, offset, limit)));
        if (offset + (long)limit < children.Count)
        {
            links.Add((JsonNode)Link("next", Slice(self, offset + limit, limit)));
        }

        if (offset > 0)
        {
            links.Add((JsonNode)Link("prev", Slice(self, Math.Max(0, offset - limit), limit)));
        }

        var page = Entity(origin, folder, null);
        page["properties"]!["srn:paging"] = new JsonObject { ["total"] = children.Count, ["offset"] = offset, ["limit"] = limit };
        page["entities"] = new JsonArray([.. children.Skip(offset).Take(limit).Select(child => Entity(origin, child.Path, child.Asset, isChild: true))]);
        page["links"] = links;
        return page;
    }

    private static JsonObject Entity(string origin, string path, AemAsset? asset, bool isChild = false)
    {
        var properties = new JsonObject { ["name"] = path[(path.LastIndexOf('/') + 1)..] };
        var links = new JsonArray(Link("self", UrlOf(origin, path)));
        if (asset is not null)
        {
            properties["path"] = path;
            properties["published"] = asset.PublishedAt is not null;
            properties["metadata"] = AemMetadata.Of(asset);
            links.Add((JsonNode)Link("content", origin + AemPath.UrlOf(path)));
        }

        var entity = new JsonObject { ["class"] = new JsonArray(asset is null ? "assets/folder" : "assets/asset"), ["properties"] = properties, ["links"] = links };
        if (isChild)
        {
            entity["rel"] = new JsonArray("child");
        }

        return entity;
    }

    private static JsonObject Link(string rel, string href) => new() { ["rel"] = new JsonArray(rel), ["href"] = href };

    private static string UrlOf(string origin, string path) => $"{origin}{ApiRoot}{AemPath.UrlOf(path[AemPath.Root.Length..])}{Suffix}";

    private static string Slice(string url, int offset, int limit) => string.Create(CultureInfo.InvariantCulture, $"{url}?offset={offset}&limit={limit}");

    private static int Number(IQueryCollection query, string name, int @default, int least) =>
        !query.TryGetValue(name, out var values) ? @default
        : int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw new FormatException("'offset' and 'limit' must be numbers, and 'limit' must not be 0.");
}
