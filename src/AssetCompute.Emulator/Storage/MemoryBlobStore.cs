using System.Collections.Concurrent;

namespace AssetCompute.Emulator;

/// <summary>Blobs in memory.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<string, (string ContentType, byte[] Content)> _blobs = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _blobs.Keys.Order(StringComparer.Ordinal)];

    public async Task SaveAsync(string name, string contentType, IEnumerable<Stream> contents, long maxBytes, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await BoundedCopy.ToAsync(contents, memory, maxBytes, cancellationToken).ConfigureAwait(false);
        _blobs[name] = (contentType, memory.ToArray());
    }

    public BlobHandle? Open(string name) =>
        _blobs.TryGetValue(name, out var blob)
            ? new(blob.ContentType, blob.Content.Length, new MemoryStream(blob.Content, writable: false))
            : null;

    public bool Exists(string name) => _blobs.ContainsKey(name);

    public bool Remove(string name) => _blobs.TryRemove(name, out _);
}
