namespace AssetCompute.Emulator;

/// <summary>Reads from what ImageMagick says whose fault it was.</summary>
internal static class ImageMagickErrors
{
    private static readonly string[] CorruptSource =
    [
        "corrupt", "improper image header", "insufficient image data", "unexpected end-of-file", "premature end", "crc error",
        "not a jpeg file", "datastream contains no image", "no images defined", "unable to read image data", "negative or zero image size",
        "zero in ihdr", "invalid ihdr", "not a png file", "bogus", "cannot read tiff", "not a tiff", "unable to decode",
    ];

    private static readonly string[] OverLimits =
    [
        "cache resources exhausted", "exceeds limit", "time limit exceeded", "memory allocation failed", "resource limit",
    ];

    /// <summary>ImageMagick fills the missing end of a JPEG with grey and calls it a success; nobody wants that as a rendition.</summary>
    public static bool IsTruncatedSource(string errors) => errors.Contains("premature end", StringComparison.OrdinalIgnoreCase);

    public static RenditionFailure ToFailure(string errors, string workingFolder)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var message = lines.Length == 0 ? "ImageMagick failed without a word." : lines[0].Replace(workingFolder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        if (OverLimits.Any(text => lines.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase)))
            && !lines[0].Contains("premature", StringComparison.OrdinalIgnoreCase)
            && !CorruptSource.Any(text => lines[0].Contains(text, StringComparison.OrdinalIgnoreCase)))
        {
            return RenditionFailure.SourceUnsupported($"The source needs more than the emulator's limits allow: {message}");
        }

        return CorruptSource.Any(text => errors.Contains(text, StringComparison.OrdinalIgnoreCase))
            ? RenditionFailure.SourceCorrupt(message)
            : RenditionFailure.Generic(message);
    }
}
