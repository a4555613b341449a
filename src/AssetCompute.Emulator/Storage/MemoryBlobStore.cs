using System.Collections.Concurrent;

namespace AssetCompute.Emulator;

/// <summary>Blobs in memory.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    /// <summary>By name: opens the blob.</summary>
    private readonly ConcurrentDictionary<string, Func<BlobHandle>> _blobs = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _blobs.Keys.Order(StringComparer.Ordinal)];

    public async Task SaveAsync(string name, string contentType, IEnumerable<Stream> contents, long maxBytes, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await BoundedCopy.ToAsync(contents, memory, maxBytes, cancellationToken).ConfigureAwait(false);
        var content = memory.ToArray();
        _blobs[name] = () => new(contentType, content.Length, new MemoryStream(content, writable: false));
    }

    public BlobHandle? Open(string name) => _blobs.GetValueOrDefault(name)?.Invoke();

    public bool Exists(string name) => _blobs.ContainsKey(name);

    public bool Remove(string name) => _blobs.TryRemove(name, out _);
}
