using ImageMagick;
using ImageMagick.Configuration;

namespace AssetCompute.Emulator.Rendering;

/// <summary>Restricts ImageMagick to reading and writing images: no other programs, no network, no files that are referenced inside files.</summary>
internal static class ImageMagickSetup
{
    /// <summary>The formats of renditions, the additional formats of sources, and the format in which a rendered watermark is passed on.</summary>
    private const string Policy = """
        <?xml version="1.0" encoding="UTF-8"?>
        <policymap>
          <policy domain="delegate" rights="none" pattern="*"/>
          <policy domain="filter" rights="none" pattern="*"/>
          <policy domain="path" rights="none" pattern="@*"/>
          <policy domain="coder" rights="none" pattern="*"/>
          <policy domain="coder" rights="read | write" pattern="{PNG,JPEG,JPG,GIF,TIFF,TIF,WEBP}"/>
          <policy domain="coder" rights="read" pattern="{BMP,PSD,SVG,SGI}"/>
          <policy domain="coder" rights="read | write" pattern="MIFF"/>
        </policymap>
        """;

    /// <summary>The limit on lists. Only the first page of a document is read, but some formats list all pages first.</summary>
    private const ulong MaxListLength = 1000;

    /// <returns>True.</returns>
    public static bool Initialize(RenderLimits limits)
    {
        var configuration = ConfigurationFiles.Default;
        configuration.Policy.Data = Policy;

        // Without this setting, ImageMagick passes an SVG to Inkscape first.
        configuration.Delegates.Data = "<delegatemap/>";
        MagickNET.SetTempDirectory(limits.Folder);
        MagickNET.Initialize(configuration, limits.Folder);

        // Pixels are never stored on disk. An image that doesn't fit into memory fails.
        ResourceLimits.Disk = 0;
        ResourceLimits.Memory = (ulong)limits.MaxMemoryBytes;
        ResourceLimits.MaxMemoryRequest = (ulong)limits.MaxMemoryBytes;
        ResourceLimits.Area = (ulong)limits.MaxPixels;
        ResourceLimits.Width = (ulong)limits.MaxPixels;
        ResourceLimits.Height = (ulong)limits.MaxPixels;
        ResourceLimits.ListLength = MaxListLength;

        // The workers already share the processors.
        ResourceLimits.Thread = 1;
        return true;
    }
}
