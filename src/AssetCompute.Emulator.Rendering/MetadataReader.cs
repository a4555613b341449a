using System.Globalization;
using System.Text;
using ImageMagick;

namespace AssetCompute.Emulator.Rendering;

/// <summary>Reads the size of an image and the metadata that is embedded in it, without decoding its pixels.</summary>
internal static class MetadataReader
{
    private const int MostEntries = 200;
    private const int MostValue = 300;
    private const int MostXmp = 20_000;

    public static RenderReply Read(string path, string format)
    {
        using var image = new MagickImage();
        image.Ping(File.ReadAllBytes(path), new MagickReadSettings { Format = Enum.Parse<MagickFormat>(format, ignoreCase: true), FrameIndex = 0, FrameCount = 1 });
        MetadataEntry?[] entries =
        [
            new("color space", image.ColorSpace.ToString()),
            new("bits per channel", image.Depth.ToString(CultureInfo.InvariantCulture)),
            image.Density is { X: > 0 } density ? new("resolution", string.Create(CultureInfo.InvariantCulture, $"{density.X:0.##} × {density.Y:0.##} {density.Units}")) : null,
            image.GetColorProfile() is { } profile ? new("color profile", profile.Description ?? "yes") : null,
            .. image.GetExifProfile()?.Values.Select(value => new MetadataEntry($"exif:{value.Tag}", Shorten(value.ToString() ?? "", MostValue))) ?? [],
            .. image.GetIptcProfile()?.Values.Select(value => new MetadataEntry($"iptc:{value.Tag}", Shorten(value.Value, MostValue))) ?? [],
            image.GetXmpProfile() is { } xmp ? new("xmp", Shorten(Encoding.UTF8.GetString(xmp.ToByteArray()).Trim(), MostXmp)) : null,
        ];
        return new() { Size = new(image.Width, image.Height), Metadata = [.. entries.OfType<MetadataEntry>().Take(MostEntries)] };
    }

    private static string Shorten(string text, int most) => text.Length > most ? text[..most] + "…" : text;
}
