namespace AssetCompute.Client;

/// <summary>The bytes of a stored object, which a storage has opened.</summary>
/// <param name="content">The bytes.</param>
/// <param name="length">The number of bytes.</param>
/// <param name="contentType">The MIME type; null if the storage has none.</param>
/// <param name="owner">An object that is disposed with it, such as the response that has the bytes. Default: none.</param>
/// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
public sealed class StoredAsset(Stream content, long length, string? contentType = null, IDisposable? owner = null) : IDisposable
{
    /// <summary>The bytes, which can be read once from start to end.</summary>
    public Stream Content { get; } = content ?? throw new ArgumentNullException(nameof(content));

    /// <summary>The number of bytes.</summary>
    public long Length => length;

    /// <summary>The MIME type; null if the storage has none.</summary>
    public string? ContentType => contentType;

    /// <summary>Releases the bytes and their connection.</summary>
    public void Dispose()
    {
        Content.Dispose();
        owner?.Dispose();
    }
}
