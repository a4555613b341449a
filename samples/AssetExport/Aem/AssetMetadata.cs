using System.Text.Json;

namespace AssetExport;

/// <summary>The metadata of an asset. Only plain values are included.</summary>
/// <param name="Properties">The values of each property, by name in the node <c>jcr:content/metadata</c>, such as <c>dc:title</c>.</param>
public sealed record AssetMetadata(IReadOnlyDictionary<string, IReadOnlyList<string>> Properties)
{
    /// <summary>The size of the original in bytes; null if AEM does not say.</summary>
    public long? Size => this["dam:size"].Select(static text => long.TryParse(text, out long size) ? size : (long?)null).FirstOrDefault();

    /// <summary>The SHA-1 of the original, in lower-case hexadecimal digits; null if AEM does not say.</summary>
    public string? Sha1 => this["dam:sha1"].Where(static text => text.Length > 0).Select(static text => text.ToLowerInvariant()).FirstOrDefault();

    /// <summary>The values of a property; empty if the property does not exist.</summary>
    public IReadOnlyList<string> this[string name] => Properties.GetValueOrDefault(name, []);

    /// <summary>Reads the node <c>jcr:content/metadata</c>.</summary>
    public static AssetMetadata Read(JsonElement json) => new(
        json.ValueKind != JsonValueKind.Object ? new Dictionary<string, IReadOnlyList<string>>()
        : json.EnumerateObject().DistinctBy(static property => property.Name).ToDictionary(
            static property => property.Name,
            static property => (IReadOnlyList<string>)(property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray().Select(Text)] : [Text(property.Value)]),
            StringComparer.Ordinal));

    /// <summary>Converts a value to text. AEM represents numbers and Booleans with different JSON types.</summary>
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => "",
    };
}
