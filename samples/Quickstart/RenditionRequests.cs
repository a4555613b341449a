using AssetCompute.Client;

namespace Quickstart;

/// <summary>The requests of the sample.</summary>
internal static class RenditionRequests
{
    /// <summary>An unsupported format, which shows what a failed rendition looks like.</summary>
    public const string NameThatFails = "poster.hologram";

    private const string Watermarked = "watermark-1280.jpg";

    private static readonly Rendition[] Renditions =
    [
        new() { Name = "thumbnail-48.png", Format = RenditionFormat.Png, Width = 48, Height = 48 },
        new() { Name = "preview-319.png", Format = RenditionFormat.Png, Width = 319, Height = 319 },
        new() { Name = "web-1280.jpg", Format = RenditionFormat.Jpg, Width = 1280, Height = 1280, Quality = 85 },
        new() { Name = "web-1280.webp", Format = RenditionFormat.WebP, Width = 1280, Height = 1280, Quality = 80 },
        new() { Name = Watermarked, Format = RenditionFormat.Jpg, Width = 1280, Height = 1280, Quality = 85 },
        new() { Name = NameThatFails, Format = "hologram" },
    ];

    public static IEnumerable<string> Names => Renditions.Select(rendition => rendition.Name!);

    /// <param name="photograph">The source of the photograph.</param>
    /// <param name="watermark">The URL of the watermark.</param>
    /// <param name="targetOf">Returns the upload URL of a rendition by name.</param>
    public static ProcessRequest Create(AssetSource photograph, Uri watermark, Func<string, Uri> targetOf) => new()
    {
        Source = photograph,
        Renditions =
        [
            .. Renditions.Select(rendition => rendition with
            {
                Target = targetOf(rendition.Name!),
                Watermark = rendition.Name == Watermarked ? new Watermark { Image = watermark.OriginalString, Scale = 0.6 } : null,
            }),
        ],
    };
}
