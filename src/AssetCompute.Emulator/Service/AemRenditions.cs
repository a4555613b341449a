using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>
/// The renditions that AEM stores with an original, such as <c>cq5dam.web.1280.1280.jpeg</c>. They are made on request, from the size and format in
/// the name.
/// </summary>
internal sealed partial class AemRenditions(RenditionMaker maker, Downloader downloader, AssetComputeEmulatorOptions options)
{
    /// <summary>Makes a rendition of an original.</summary>
    /// <returns>The bytes and the media type; null if the name is not an AEM rendition, or the original is too large or not an image.</returns>
    public async Task<(byte[] Bytes, string MediaType)?> MakeAsync(AemAsset asset, string name, CancellationToken cancellationToken)
    {
        var match = Name().Match(name);
        if (!match.Success || asset.Size > options.Rendering.MaxSourceBytes || asset.Open() is not { } original)
        {
            return null;
        }

        string source;
        using (original)
        {
            using var bytes = new MemoryStream();
            await original.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            source = $"data:;base64,{Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length)}";
        }

        var format = match.Groups["format"].Value;
        var rendition = new JsonObject { ["fmt"] = format, ["width"] = SizeOf(match, "width"), ["height"] = SizeOf(match, "height"), ["target"] = "" };
        var job = new Job("", "", new JsonObject { ["source"] = source, ["renditions"] = new JsonArray(rendition) }, asset.ModifiedAt);
        var workspace = new JobWorkspace(job, downloader, static (_, _, _) => Task.CompletedTask, cancellationToken);
        await using var folder = workspace.ConfigureAwait(false);
        try
        {
            var content = await maker.MakeAsync(job.Renditions[0], workspace, cancellationToken).ConfigureAwait(false);
            return (await content.ReadAllAsync(cancellationToken).ConfigureAwait(false), content.MediaType);
        }
        catch (RenditionFailure)
        {
            return null;
        }
    }

    private static double SizeOf(Match match, string side) => double.Parse(match.Groups[side].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^cq5dam\.(thumbnail|web|zoom)\.(?<width>[1-9][0-9]{0,3})\.(?<height>[1-9][0-9]{0,3})\.(?<format>png|jpeg|jpg|gif|webp)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
