using System.Globalization;
using System.Text.Json.Nodes;
using AssetCompute.Emulator.Rendering;

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
        Crop = CropOf(json),
        Background = BackgroundOf(json["pdfbgcolor"]),
        WatermarkScale = json["watermark"] is JsonObject watermark ? Positive(watermark, "scale") ?? 1 : 1,
    };

    /// <summary>Returns the URL of the watermark, or <see langword="null"/> if there is none.</summary>
    /// <exception cref="RenditionFailure">The watermark has no image.</exception>
    public static string? WatermarkOf(JsonObject json)
    {
        if (json["watermark"] is not JsonObject watermark)
        {
            return null;
        }

        return watermark["image"].StringOf() is { Length: > 0 } image
            ? image
            : throw RenditionFailure.Generic($"Missing watermark.image in instructions : {json.ToJsonString()}");
    }

    private static double? Number(JsonObject json, string name, string within = "")
    {
        if (json[name] is not { } node || node.StringOf() is "")
        {
            return null;
        }

        var number = node.NumberOf() ?? NumberIn(node.StringOf()) ?? throw RenditionFailure.Generic($"'{within}{name}' is not a number.");
        return number >= 0 ? number : throw RenditionFailure.Generic($"'{within}{name}' is negative.");
    }

    private static double? NumberIn(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static double? Positive(JsonObject json, string name, string within = "") => Number(json, name, within) is > 0 and var number ? number : null;

    private static Resolution? ResolutionOf(JsonObject json, string name)
    {
        if (json[name] is not JsonObject pair)
        {
            return Positive(json, name) is { } both ? new(both, both) : null;
        }

        return Positive(pair, "xdpi", $"{name}.") is { } x && (Positive(pair, "ydpi", $"{name}.") ?? x) is var y
            ? new(x, y)
            : throw RenditionFailure.Generic($"'{name}.xdpi' is missing.");
    }

    private static CropArea? CropOf(JsonObject json)
    {
        if (json["crop"] is not { } node)
        {
            return null;
        }

        if (node is not JsonObject crop || Positive(crop, "w", "crop.") is not { } width || Positive(crop, "h", "crop.") is not { } height)
        {
            throw RenditionFailure.Generic("'crop' is not an object with a positive 'w' and 'h'.");
        }

        return new(Number(crop, "x", "crop.") ?? 0, Number(crop, "y", "crop.") ?? 0, width, height);
    }

    /// <summary>Returns a color in one of three notations: <c>#RGB</c>, <c>#RRGGBB</c>, or a gray level from 0 to 255.</summary>
    private static string? BackgroundOf(JsonNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var text = node.StringOf() ?? node.NumberOf()?.ToString(CultureInfo.InvariantCulture) ?? "";
        if (text is ['#', ..] && text.Length is 4 or 7 && text.Skip(1).All(char.IsAsciiHexDigit))
        {
            return text;
        }

        return byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var grey)
            ? $"rgb({grey},{grey},{grey})"
            : throw RenditionFailure.Generic("'pdfbgcolor' is neither #RGB, #RRGGBB nor a number from 0 to 255.");
    }
}
