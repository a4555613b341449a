using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>
/// Queries for assets in the syntax of AEM's QueryBuilder: path, type, names, metadata and pages. An unsupported predicate is an error, not a wrong
/// result.
/// </summary>
internal static partial class AemQuery
{
    private const int DefaultLimit = 10;
    private const string MetadataPath = "jcr:content/metadata/";

    private static readonly string[] Ignored = ["orderby", "orderby.sort", "p.properties", "p.nodedepth", "p.guessTotal", "path.flat", "path.self", "charset", "_charset_"];

    /// <exception cref="FormatException">A predicate is not supported, or a number is not valid.</exception>
    public static JsonObject Run(AemRepository repository, IQueryCollection query)
    {
        var predicates = query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        if (predicates.Keys.FirstOrDefault(name => !IsKnown(name)) is { } unknown)
        {
            throw new FormatException($"The emulator's QueryBuilder does not know '{unknown}'; it knows path, type, nodename, property (with .value, .operation) and p.limit, p.offset, p.hits.");
        }

        var offset = Number(predicates, "p.offset", 0);
        var limit = Number(predicates, "p.limit", DefaultLimit);
        var found = predicates.GetValueOrDefault("type", "dam:Asset") == "dam:Asset"
            ? repository.Within(predicates.GetValueOrDefault("path", AemPath.Root).TrimEnd('/')).Where(asset => IsMatch(asset, predicates)).ToList()
            : [];
        var page = found.Skip(offset).Take(limit < 0 ? int.MaxValue : limit).ToList();
        var isFull = predicates.GetValueOrDefault("p.hits") is "full" or "selective";
        return new JsonObject
        {
            ["success"] = true,
            ["results"] = page.Count,
            ["total"] = found.Count,
            ["more"] = offset + page.Count < found.Count,
            ["offset"] = offset,
            ["hits"] = new JsonArray([.. page.Select(asset => isFull ? Full(asset) : Simple(asset))]),
        };
    }

    private static bool IsKnown(string name) =>
        name is "path" or "type" or "nodename" or "p.offset" or "p.limit" or "p.hits" || Ignored.Contains(name, StringComparer.Ordinal) || Property().IsMatch(name);

    private static bool IsMatch(AemAsset asset, Dictionary<string, string> predicates)
    {
        if (predicates.TryGetValue("nodename", out var pattern) && !FileSystemName.MatchesSimpleExpression(pattern, asset.Name, ignoreCase: false))
        {
            return false;
        }

        var metadata = AemMetadata.Of(asset);
        return predicates.Where(pair => Property().Match(pair.Key) is { Success: true } match && match.Groups["part"].Length == 0).All(pair =>
        {
            var name = pair.Value.TrimStart('@');
            var value = name.StartsWith(MetadataPath, StringComparison.Ordinal) ? metadata[name[MetadataPath.Length..]] : null;
            var values = (value as JsonArray ?? [value?.DeepClone()]).OfType<JsonNode>().Select(Text).ToList();
            var wanted = predicates.Where(other => Property().Match(other.Key).Groups["part"].Value.EndsWith("value", StringComparison.Ordinal)
                && other.Key.StartsWith(pair.Key + ".", StringComparison.Ordinal)).Select(other => other.Value).ToList();
            return predicates.GetValueOrDefault(pair.Key + ".operation", wanted.Count > 0 ? "equals" : "exists") switch
            {
                "exists" => values.Count > 0 == (wanted is not ["false"]),
                "not" => values.Count == 0,
                "unequals" => !values.Exists(wanted.Contains),
                "like" => values.Exists(text => wanted.Exists(like => FileSystemName.MatchesSimpleExpression(like.Replace('%', '*'), text))),
                "equals" => values.Exists(wanted.Contains),
                var operation => throw new FormatException($"The emulator's QueryBuilder does not know the operation '{operation}'; it knows equals, unequals, like, exists and not."),
            };
        });
    }

    private static string Text(JsonNode node) => node.StringOf() ?? node.ToJsonString();

    private static JsonObject Simple(AemAsset asset) => new()
    {
        ["path"] = asset.Path,
        ["excerpt"] = "",
        ["name"] = asset.Name,
        ["title"] = AemMetadata.Of(asset)["dc:title"]?.DeepClone(),
        ["lastModified"] = asset.ModifiedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        ["created"] = asset.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
    };

    private static JsonObject Full(AemAsset asset)
    {
        var node = AemNodes.Of(asset);
        node.Insert(0, "jcr:path", asset.Path);
        return node;
    }

    private static int Number(Dictionary<string, string> predicates, string name, int @default) =>
        !predicates.TryGetValue(name, out var text) ? @default
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= -1 ? number
        : throw new FormatException($"'{name}' must be a number.");

    [GeneratedRegex(@"^([0-9]+_)?property(\.(?<part>value|[0-9]+_value|operation))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Property();
}
