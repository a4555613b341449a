using System.Runtime.InteropServices;
using System.Xml;
using ImageMagick;

namespace AssetCompute.Emulator.Rendering;

/// <summary>Processes requests one at a time. Every exception becomes a reply. Only native code can end the process.</summary>
internal sealed class RenderWorker(RenderLimits limits)
{
    /// <summary>Prepared for the first image, because text needs no ImageMagick.</summary>
    private readonly Lazy<bool> _imageMagick = new(() => ImageMagickSetup.Initialize(limits));

    public RenderReply Render(RenderRequest request)
    {
        try
        {
            if (request is { IsForMetadata: false, Image: null })
            {
                PdfText.Extract(request.Input, request.Output);
                return new();
            }

            _ = _imageMagick.Value;
            return request.Image is not { } instructions ? MetadataReader.Read(request.Input, request.InputFormat)
                : ImageRenderer.Render(request.InputFormat == "pdf" ? FirstPageOf(request) : request, instructions);
        }
        catch (Exception exception)
        {
            var failure = exception as RenditionFailure ?? Explain(exception);
            return new(failure.Reason, failure.Message.Replace(Path.GetDirectoryName(request.Input) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        }
    }

    private static RenderRequest FirstPageOf(RenderRequest request)
    {
        var page = request.Output + ".page.png";
        Ghostscript.FirstPage(request.Input, page);
        return request with { Input = page, InputFormat = "png" };
    }

    private static RenditionFailure Explain(Exception exception) => exception switch
    {
        MagickResourceLimitErrorException or MagickCacheErrorException or OutOfMemoryException => RenditionFailure.OverLimits(exception.Message),
        MagickCorruptImageErrorException or MagickCoderErrorException or MagickDelegateErrorException or MagickBlobErrorException => RenditionFailure.SourceCorrupt(exception.Message),
        XmlException => RenditionFailure.SourceCorrupt($"The SVG cannot be read: {exception.Message}"),
        DllNotFoundException or TypeInitializationException or BadImageFormatException => RenditionFailure.Generic(
            $"ImageMagick cannot be loaded: Magick.NET has no native library for {RuntimeInformation.RuntimeIdentifier}, or the program was published without it."),
        _ => RenditionFailure.Generic(exception.Message),
    };
}
