using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Reads the image instructions of a rendition as Adobe's worker does. Numbers may be strings. Zero and empty values count as missing.</summary>
internal static class InstructionsReader
{
    /// <exception cref="RenditionFailure">An instruction is invalid.</exception>
    public static ImageInstructions Read(string format, JsonObject json) => new()
    {
        Format = format,
        Width = Positive(json, "width") ?? Positive(json, "wid"),
        Height = Positive(json, "height") ?? Positive(json, "hei"),
        MaxWidth = Positive(json, "maxWidth"),
        MaxHeight = Positive(json, "maxHeight"),
        Quality = Positive(json, "quality") ?? Positive(json, "qlt"),
        Interlace = json["interlace"] is JsonValue interlace && interlace.TryGetValue<bool>(out var on) && on,
        JpegSize = Positive(json, "jpegSize"),
        CompressionLevel = Number(json, "compressionLevel"),
        Dpi = ResolutionOf(json, "dpi"),
        ConvertToDpi = ResolutionOf(json, "convertToDpi"),
        Crop = CropOf(json["crop"]),
        Background = BackgroundOf(json["pdfbgcolor"]),
        WatermarkScale = json["watermark"] is JsonObject watermark ? Positive(watermark, "scale") ?? 1 : 1,
    };

    /// <summary>Returns the URL of the watermark, or <see langword="null"/> if there is none.</summary>
    /// <exception cref="RenditionFailure">The watermark has no image.</exception>
    public static string? WatermarkOf(JsonObject json) =>
        json["watermark"] is not JsonObject watermark ? null
        : watermark["image"].StringOf() is { Length: > 0 } image ? image
        : throw RenditionFailure.Generic($"Missing watermark.image in instructions : {json.ToJsonString()}");

    private static double? Number(JsonObject json, string name, string within = "")
    {
        var (node, text) = (json[name], json[name].StringOf());
        if (node is null || text is "")
        {
            return null;
        }

        var number = node.NumberOf() ?? (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed)
            ? parsed
            : throw RenditionFailure.Generic($"'{within}{name}' is not a number."));
        return number >= 0 ? number : throw RenditionFailure.Generic($"'{within}{name}' is negative.");
    }

    private static double? Positive(JsonObject json, string name, string within = "") => Number(json, name, within) is > 0 and var number ? number : null;

    private static Resolution? ResolutionOf(JsonObject json, string name) => json[name] switch
    {
        JsonObject pair when Positive(pair, "xdpi", $"{name}.") is { } x => new(x, Positive(pair, "ydpi", $"{name}.") ?? x),
        JsonObject => throw RenditionFailure.Generic($"'{name}.xdpi' is missing."),
        _ => Positive(json, name) is { } both ? new(both, both) : null,
    };

    private static CropArea? CropOf(JsonNode? node) => node switch
    {
        null => null,
        JsonObject crop when Positive(crop, "w", "crop.") is { } width && Positive(crop, "h", "crop.") is { } height =>
            new(Number(crop, "x", "crop.") ?? 0, Number(crop, "y", "crop.") ?? 0, width, height),
        _ => throw RenditionFailure.Generic("'crop' is not an object with a positive 'w' and 'h'."),
    };

    /// <summary>Returns a color in one of three notations: <c>#RGB</c>, <c>#RRGGBB</c>, or a gray level from 0 to 255.</summary>
    private static string? BackgroundOf(JsonNode? node) => (node.StringOf() ?? node.NumberOf()?.ToString(CultureInfo.InvariantCulture)) switch
    {
        null when node is null => null,
        ['#', .. { Length: 3 or 6 } digits] color when digits.All(char.IsAsciiHexDigit) => color,
        var text when byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var gray) => $"rgb({gray},{gray},{gray})",
        _ => throw RenditionFailure.Generic("'pdfbgcolor' is neither #RGB, #RRGGBB nor a number from 0 to 255."),
    };
}
