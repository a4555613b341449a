using System.Net;

namespace AssetExport;

/// <summary>An item as the body, or a part of the body, of a request: streamed, and with its length said beforehand.</summary>
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
