using System.Net;
using Microsoft.AspNetCore.Http.Extensions;

namespace AssetCompute.Emulator;

/// <summary>A part of a rendition, as the body of an upload.</summary>
internal sealed class PartContent(RenditionContent content, long offset, long count) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var source = content.OpenRead();
        source.Seek(offset, SeekOrigin.Begin);
        await StreamCopyOperation.CopyToAsync(source, stream, count, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = count;
        return true;
    }
}
