namespace AssetCompute.Emulator;

/// <summary>Where blobs lie. A blob is there whole or not at all.</summary>
internal interface IBlobStore
{
    IReadOnlyList<string> Names { get; }

    /// <exception cref="BlobTooLargeException">The content is longer than <paramref name="maxBytes"/>; nothing is stored.</exception>
    Task SaveAsync(string name, string contentType, Stream content, long maxBytes, CancellationToken cancellationToken) =>
        SaveAsync(name, contentType, [content], maxBytes, cancellationToken);

    /// <summary>Saves several contents as one, each read to its end before the next is asked for.</summary>
    /// <exception cref="BlobTooLargeException">The contents are longer than <paramref name="maxBytes"/> in all; nothing is stored.</exception>
    Task SaveAsync(string name, string contentType, IEnumerable<Stream> contents, long maxBytes, CancellationToken cancellationToken);

    BlobHandle? Open(string name);

    bool Exists(string name);

    bool Remove(string name);
}
