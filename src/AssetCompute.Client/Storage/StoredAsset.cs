namespace AssetCompute.Client;

/// <summary>The bytes of a stored object.</summary>
public sealed class StoredAsset : IDisposable
{
    private readonly IDisposable? _owner;

    /// <summary>An object, as a storage opens it.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="contentType">The MIME type; null where the storage knows none.</param>
    /// <param name="owner">What is disposed with it, such as the response that the bytes come in. Default: nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    public StoredAsset(Stream content, long length, string? contentType = null, IDisposable? owner = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        Content = content;
        Length = length;
        ContentType = contentType;
        _owner = owner;
    }

    /// <summary>The bytes, read once from their beginning to their end.</summary>
    public Stream Content { get; }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>The MIME type; null where the storage knows none.</summary>
    public string? ContentType { get; }

    /// <summary>Lets go of the bytes and of the connection that they come by.</summary>
    public void Dispose()
    {
        Content.Dispose();
        _owner?.Dispose();
    }
}
