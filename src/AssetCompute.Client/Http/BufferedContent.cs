namespace AssetCompute.Client.Http;

/// <summary>The body of an answer, as far as it was read. It has no headers of its own: they are the original's.</summary>
internal sealed class BufferedContent : ByteArrayContent
{
    public BufferedContent(BoundedBody body, HttpContent? original)
        : this(body, body.Segment) => Original = original;

    private BufferedContent(BoundedBody body, ArraySegment<byte> bytes)
        : base(bytes.Array!, bytes.Offset, bytes.Count) => Body = body;

    public BoundedBody Body { get; }

    /// <summary>What came over the wire, read already; for its headers.</summary>
    public HttpContent? Original { get; }
}
