using ImageMagick;
using ImageMagick.Configuration;

namespace AssetCompute.Emulator.Rendering;

/// <summary>Limits ImageMagick to reading and writing images: no other programs, no network, no files named inside files.</summary>
internal static class ImageMagickSetup
{
    /// <summary>Formats that renditions have, formats that sources may have besides, and the one that a drawn watermark is handed over in.</summary>
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

    /// <summary>The first page of a document is read, but some formats list all before they can know.</summary>
    private const ulong MaxListLength = 1000;

    public static void Initialize(RenderLimits limits)
    {
        var configuration = ConfigurationFiles.Default;
        configuration.Policy.Data = Policy;

        // Without this, an SVG is given to Inkscape first.
        configuration.Delegates.Data = "<delegatemap/>";
        MagickNET.SetTempDirectory(limits.Folder);
        MagickNET.Initialize(configuration, limits.Folder);

        // Pixels never go to the disk: what does not fit into the memory fails.
        ResourceLimits.Disk = 0;
        ResourceLimits.Memory = (ulong)limits.MaxMemoryBytes;
        ResourceLimits.MaxMemoryRequest = (ulong)limits.MaxMemoryBytes;
        ResourceLimits.Area = (ulong)limits.MaxPixels;
        ResourceLimits.Width = (ulong)limits.MaxPixels;
        ResourceLimits.Height = (ulong)limits.MaxPixels;
        ResourceLimits.ListLength = MaxListLength;

        // The workers share the processors already.
        ResourceLimits.Thread = 1;
    }
}
