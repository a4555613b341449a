using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The metadata node of an asset as a flat JSON object, as the author renders it: the metadata that AEM extracted, and the metadata that was set.</summary>
internal static class AemMetadata
{
    public static JsonObject Of(AemAsset asset)
    {
        var metadata = new JsonObject
        {
            ["jcr:primaryType"] = "nt:unstructured",
            ["jcr:lastModified"] = Text(asset.ModifiedAt),
            ["dc:title"] = asset.Name,
            ["dc:format"] = asset.ContentType,
            ["dam:size"] = asset.Size,
            ["dam:sha1"] = asset.Sha1,
            ["repo:version"] = asset.VersionName,
        };
        foreach (var (name, value) in asset.Metadata)
        {
            metadata[name] = ToJson(value);
        }

        return metadata;
    }

    /// <summary>Formats a time as the author renders it in JSON.</summary>
    public static string Text(DateTimeOffset time) => time.ToString("ddd MMM dd yyyy HH:mm:ss 'GMT'zz'00'", CultureInfo.InvariantCulture);

    public static JsonNode? ToJson(JsonElement value) => JsonNode.Parse(value.GetRawText());

    public static JsonObject ToJson(IEnumerable<KeyValuePair<string, JsonElement>> values) => new(values.Select(pair => KeyValuePair.Create(pair.Key, ToJson(pair.Value))));

    /// <summary>Applies changes to metadata. A null removes a value.</summary>
    public static Dictionary<string, JsonElement> Merge(IReadOnlyDictionary<string, JsonElement>? present, JsonObject? changes)
    {
        var merged = new Dictionary<string, JsonElement>(present ?? new Dictionary<string, JsonElement>(), StringComparer.Ordinal);
        foreach (var (name, value) in changes ?? [])
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = JsonElement.Parse(JsonText.ToBytes(value));
            }
        }

        return merged;
    }
}
