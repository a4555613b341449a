using System.Globalization;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>
/// The renditions that AEM stores with an original, such as <c>cq5dam.web.1280.1280.jpeg</c>. They are made on request, from the size and format in
/// the name.
/// </summary>
internal sealed partial class AemRenditions(PictureMaker? pictures, EmulatorRenderingOptions options)
{
    /// <summary>Makes a rendition of an original.</summary>
    /// <returns>The bytes and the media type; null if the name is not an AEM rendition, or the original is too large or not an image.</returns>
    public async Task<(byte[] Bytes, string MediaType)?> MakeAsync(AemAsset asset, string name, CancellationToken cancellationToken)
    {
        var match = Name().Match(name);
        using var original = match.Success && asset.Size <= options.MaxSourceBytes ? asset.Open() : null;
        if (original is null)
        {
            return null;
        }

        if (pictures is null)
        {
            return (RenditionMaker.Pixel, RenditionMaker.PixelType);
        }

        var format = match.Groups["format"].Value;
        var instructions = new ImageInstructions { Format = format, Width = SizeOf(match, "width"), Height = SizeOf(match, "height") };
        return await pictures.MakeAsync(original, instructions, cancellationToken).ConfigureAwait(false) is { } bytes ? (bytes, MediaTypes.OfImageFormat(format)!) : null;
    }

    private static double SizeOf(Match match, string side) => double.Parse(match.Groups[side].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^cq5dam\.(thumbnail|web|zoom)\.(?<width>[1-9][0-9]{0,3})\.(?<height>[1-9][0-9]{0,3})\.(?<format>png|jpeg|jpg|gif|webp)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
