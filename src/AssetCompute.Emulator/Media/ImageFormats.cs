namespace AssetCompute.Emulator;

/// <summary>The picture formats that renditions may have, as Adobe's worker lists them.</summary>
internal static class ImageFormats
{
    public static string? MediaTypeOf(string format) => format switch
    {
        "png" => "image/png",
        "jpg" or "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "tif" or "tiff" => "image/tiff",
        "webp" => "image/webp",
        _ => null,
    };
}
