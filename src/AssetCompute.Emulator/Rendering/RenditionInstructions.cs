using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// The image instructions of a rendition, read as Adobe's worker reads them: zero and empty count as absent, and what is not a
/// number never becomes part of a command line.
/// </summary>
internal sealed record RenditionInstructions
{
    public required string Format { get; init; }

    public double? Width { get; init; }

    public double? Height { get; init; }

    public double? MaxWidth { get; init; }

    public double? MaxHeight { get; init; }

    public double? Quality { get; init; }

    public bool Interlace { get; init; }

    public double? JpegSize { get; init; }

    public double? CompressionLevel { get; init; }

    public (double X, double Y)? Dpi { get; init; }

    public (double X, double Y)? ConvertToDpi { get; init; }

    public (double X, double Y, double Width, double Height)? Crop { get; init; }

    public string? Background { get; init; }

    public WatermarkInstructions? Watermark { get; init; }

    public static RenditionInstructions Read(string format, JsonObject json) => new()
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
        Dpi = Resolution(json, "dpi"),
        ConvertToDpi = Resolution(json, "convertToDpi"),
        Crop = CropOf(json),
        Background = BackgroundOf(json["pdfbgcolor"]),
        Watermark = WatermarkOf(json),
    };

    private static double? Number(JsonObject json, string name, string within = "")
    {
        if (json[name] is not { } node)
        {
            return null;
        }

        var number = node.NumberOf() ?? throw RenditionFailure.Generic($"'{within}{name}' is not a number.");
        return number >= 0 ? number : throw RenditionFailure.Generic($"'{within}{name}' is negative.");
    }

    private static double? Positive(JsonObject json, string name, string within = "") => Number(json, name, within) is > 0 and var number ? number : null;

    private static (double X, double Y)? Resolution(JsonObject json, string name)
    {
        if (json[name] is not JsonObject pair)
        {
            return Positive(json, name) is { } both ? (both, both) : null;
        }

        return Positive(pair, "xdpi", $"{name}.") is { } x && (Positive(pair, "ydpi", $"{name}.") ?? x) is var y
            ? (x, y)
            : throw RenditionFailure.Generic($"'{name}.xdpi' is missing.");
    }

    private static (double X, double Y, double Width, double Height)? CropOf(JsonObject json)
    {
        if (json["crop"] is not { } node)
        {
            return null;
        }

        if (node is not JsonObject crop || Positive(crop, "w", "crop.") is not { } width || Positive(crop, "h", "crop.") is not { } height)
        {
            throw RenditionFailure.Generic("'crop' is not an object with a positive 'w' and 'h'.");
        }

        return (Number(crop, "x", "crop.") ?? 0, Number(crop, "y", "crop.") ?? 0, width, height);
    }

    /// <summary>A colour in one of three notations: <c>#RGB</c>, <c>#RRGGBB</c>, or a level of grey from 0 to 255.</summary>
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

    private static WatermarkInstructions? WatermarkOf(JsonObject json)
    {
        if (json["watermark"] is not JsonObject watermark)
        {
            return null;
        }

        return watermark["image"].StringOf() is { Length: > 0 } image
            ? new(image, Positive(watermark, "scale") ?? 1)
            : throw RenditionFailure.Generic($"Missing watermark.image in instructions : {json.ToJsonString()}");
    }
}
