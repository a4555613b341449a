namespace AssetCompute.Emulator;

/// <summary>A store of blobs. A blob is stored completely or not at all.</summary>
internal interface IBlobStore
{
    IReadOnlyList<string> Names { get; }

    /// <exception cref="BlobTooLargeException">The content is longer than <paramref name="maxBytes"/>. Nothing is stored.</exception>
    Task SaveAsync(string name, string contentType, Stream content, long maxBytes, CancellationToken cancellationToken) =>
        SaveAsync(name, contentType, [content], maxBytes, cancellationToken);

    /// <summary>Saves several contents as one blob. Each is read to the end before the next is requested.</summary>
    /// <exception cref="BlobTooLargeException">The contents are longer than <paramref name="maxBytes"/> in total. Nothing is stored.</exception>
    Task SaveAsync(string name, string contentType, IEnumerable<Stream> contents, long maxBytes, CancellationToken cancellationToken);

    BlobHandle? Open(string name);

    bool Exists(string name);

    bool Remove(string name);
}
