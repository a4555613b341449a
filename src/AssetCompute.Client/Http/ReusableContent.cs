namespace AssetCompute.Client.Http;

/// <summary>
/// A body that every attempt has for itself: a handler further in may read it, change its headers or dispose it. The bytes are one and the same.
/// </summary>
/// <remarks>
/// The bytes are not from a pool: an attempt that was given up may still be sending them when the call has ended, and nothing else must ever
/// stand in their place.
/// </remarks>
internal sealed class ReusableContent : ByteArrayContent
{
    private readonly byte[] _bytes;
    private readonly string _mediaType;

    public ReusableContent(byte[] bytes, string mediaType)
        : base(bytes)
    {
        _bytes = bytes;
        _mediaType = mediaType;
        Headers.TryAddWithoutValidation("Content-Type", mediaType);
    }

    /// <summary>The same body, untouched.</summary>
    public ReusableContent Copy() => new(_bytes, _mediaType);
}
