using System.Net;
using Microsoft.AspNetCore.Http.Extensions;

namespace AssetCompute.Emulator;

/// <summary>A part of a rendition, as the body of an upload.</summary>
internal sealed class PartContent(RenditionContent content, UploadPart part) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var source = content.OpenRead();
        source.Seek(part.Offset, SeekOrigin.Begin);
        await StreamCopyOperation.CopyToAsync(source, stream, part.Length, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = part.Length;
        return true;
    }
}
