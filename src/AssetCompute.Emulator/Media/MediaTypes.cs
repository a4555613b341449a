namespace AssetCompute.Emulator;

/// <summary>The media types that the emulator knows, and their file extensions.</summary>
internal static class MediaTypes
{
    public const string Binary = "application/octet-stream";

    private static readonly (string MediaType, string[] Extensions)[] Known =
    [
        ("image/png", ["png"]),
        ("image/jpeg", ["jpg", "jpeg"]),
        ("image/gif", ["gif"]),
        ("image/tiff", ["tif", "tiff"]),
        ("image/webp", ["webp"]),
        ("image/bmp", ["bmp"]),
        ("image/svg+xml", ["svg"]),
        ("image/sgi", ["sgi"]),
        ("image/vnd.adobe.photoshop", ["psd"]),
        ("application/pdf", ["pdf"]),
        ("application/zip", ["zip"]),
        ("application/rdf+xml", ["xmp"]),
        ("application/json", ["json"]),
        ("text/plain", ["txt", "text"]),
        ("text/html", ["html", "htm"]),
        ("text/xml", ["xml"]),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ["docx"]),
    ];

    /// <summary>Returns the media type of an image format that renditions may have, as listed by Adobe's worker.</summary>
    public static string? OfImageFormat(string format) => format is "png" or "jpg" or "jpeg" or "gif" or "tif" or "tiff" or "webp" ? OfFileName($".{format}") : null;

    public static string? ExtensionOf(string? mediaType) =>
        mediaType is null ? null : Known.FirstOrDefault(known => known.MediaType == Essence(mediaType)).Extensions?[0];

    public static string? OfFileName(string? fileName) =>
        Path.GetExtension(fileName) is { Length: > 1 } extension
            ? Known.FirstOrDefault(known => known.Extensions.Contains(extension[1..].ToLowerInvariant())).MediaType
            : null;

    /// <summary>Returns a media type without parameters, in lower case.</summary>
    public static string Essence(string mediaType) => mediaType.Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>Whether a media type means only unspecified binary data.</summary>
    public static bool IsVague(string? mediaType) => mediaType is null || Essence(mediaType) is "" or Binary or "binary/octet-stream";
}
