using System.Text.Json;

namespace AssetExport;

/// <summary>What the export asks of an asset's metadata.</summary>
/// <param name="Destinations">The names in <c>exportDestination</c>: one, several with commas, or an array.</param>
/// <param name="IsImmediate">Whether <c>exportImmediately</c> says yes.</param>
/// <param name="Size">The size of the original in bytes; null where AEM does not say.</param>
/// <param name="Sha1">The SHA-1 of the original, in lower-case digits; null where AEM does not say.</param>
public sealed record AssetMetadata(IReadOnlyList<string> Destinations, bool IsImmediate, long? Size, string? Sha1)
{
    /// <summary>Reads the node <c>jcr:content/metadata</c>.</summary>
    public static AssetMetadata Read(JsonElement json) => new(
        [.. Texts(json, "exportDestination").SelectMany(static text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)],
        Texts(json, "exportImmediately").Any(static text => text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text.Equals("true", StringComparison.OrdinalIgnoreCase)),
        Texts(json, "dam:size").Select(static text => long.TryParse(text, out long size) ? size : (long?)null).FirstOrDefault(),
        Texts(json, "dam:sha1").Where(static text => text.Length > 0).Select(static text => text.ToLowerInvariant()).FirstOrDefault());

    /// <summary>The values of a property, whatever kind of JSON AEM has made of them.</summary>
    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        !json.TryGetProperty(name, out JsonElement value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(Text)
        : [Text(value)];

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        _ => "",
    };
}
