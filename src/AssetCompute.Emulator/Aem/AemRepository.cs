using System.Collections.Concurrent;
using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>The assets of the author by path. Each asset is an immutable snapshot that is replaced as a whole.</summary>
internal sealed class AemRepository(IBlobStore blobs, StateLog log)
{
    private const string Kind = "asset";

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, AemAsset> _assets = new(StringComparer.Ordinal);

    public IReadOnlyList<AemAsset> All => [.. _assets.Values.OrderBy(asset => asset.Path, StringComparer.Ordinal)];

    public AemAsset? Find(string path) => _assets.GetValueOrDefault(path);

    /// <summary>The assets at a path: a single asset, or all assets below a folder, sorted by path.</summary>
    public IReadOnlyList<AemAsset> Within(string path) =>
        [.. _assets.Values.Where(asset => AemPath.IsWithin(asset.Path, path)).OrderBy(asset => asset.Path, StringComparer.Ordinal)];

    /// <summary>Replaces the current snapshot of an asset by one that is created from it.</summary>
    public (AemAsset Now, AemAsset? Before) Change(string path, Func<AemAsset?, AemAsset> change)
    {
        lock (_gate)
        {
            var before = Find(path);
            var now = change(before);
            log.Save(Kind, path, JsonText.ToBytes(now.ToJson()));
            _assets[path] = now;
            if (before?.Blob != now.Blob)
            {
                RemoveBlob(before);
            }

            return (now, before);
        }
    }

    public AemAsset? Remove(string path)
    {
        lock (_gate)
        {
            if (_assets.TryRemove(path, out var removed))
            {
                log.Remove(Kind, path);
                RemoveBlob(removed);
            }

            return removed;
        }
    }

    /// <summary>Restores the assets of an earlier run, and removes originals that no asset uses.</summary>
    public void Restore()
    {
        foreach (var asset in log.Read(Kind, (_, json) => JsonSerializer.Deserialize(json, StateJson.Default.AemAsset)!))
        {
            _assets[asset.Path] = asset with { Store = blobs };
        }

        var used = _assets.Values.Select(asset => asset.Blob).ToHashSet(StringComparer.Ordinal);
        foreach (var name in blobs.Names.Where(name => !used.Contains(name)))
        {
            blobs.Remove(name);
        }
    }

    private void RemoveBlob(AemAsset? asset)
    {
        if (asset?.Blob is { } blob)
        {
            blobs.Remove(blob);
        }
    }
}
