namespace AssetCompute.Client.Http;

/// <summary>The body of a response, as far as it was read, with the headers of the original.</summary>
internal sealed class BufferedContent : ByteArrayContent
{
    public BufferedContent(BoundedBody body, HttpContent? original)
        : this(body, body.Segment)
    {
        if (original is not null)
        {
            AttemptHandler.CopyHeaders(original.Headers, Headers);
        }

        // The body may be only the beginning.
        Headers.ContentLength = body.Bytes.Length;
    }

    private BufferedContent(BoundedBody body, ArraySegment<byte> bytes)
        : base(bytes.Array!, bytes.Offset, bytes.Count) => Body = body;

    public BoundedBody Body { get; }
}
