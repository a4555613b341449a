using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The metadata node of an asset, flat, as the author renders it as JSON: what AEM found out, and what somebody set.</summary>
internal static class AemMetadata
{
    public static JsonObject Of(AemAsset asset)
    {
        var metadata = new JsonObject
        {
            ["jcr:primaryType"] = "nt:unstructured",
            ["jcr:lastModified"] = asset.ModifiedAt.ToString("ddd MMM dd yyyy HH:mm:ss 'GMT'zz'00'", CultureInfo.InvariantCulture),
            ["dc:title"] = asset.Name,
            ["dc:format"] = asset.ContentType,
            ["dam:size"] = asset.Size,
            ["dam:sha1"] = asset.Sha1,
            ["repo:version"] = asset.Version.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in asset.Metadata)
        {
            metadata[name] = value;
        }

        return metadata;
    }
}
