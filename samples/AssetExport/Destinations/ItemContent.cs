using System.Net;

namespace AssetExport;

/// <summary>Streams an item as the body of a request, or as a part of it, with a known length.</summary>
internal sealed class ItemContent : HttpContent
{
    private readonly ExportItem _item;

    public ItemContent(ExportItem item)
    {
        _item = item;
        Headers.TryAddWithoutValidation("Content-Type", item.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using Stream content = await _item.OpenReadAsync(cancellationToken);
        await content.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _item.Length;
        return true;
    }
}
