namespace AssetCompute.Client.Http;

/// <summary>The body of an answer, as far as it was read.</summary>
internal sealed class BufferedContent : ByteArrayContent
{
    public BufferedContent(BoundedBody body, HttpContent? original)
        : this(body, body.Segment) => Headers.ContentType = original?.Headers.ContentType;

    private BufferedContent(BoundedBody body, ArraySegment<byte> bytes)
        : base(bytes.Array!, bytes.Offset, bytes.Count) => Body = body;

    public BoundedBody Body { get; }
}
