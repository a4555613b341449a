using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// Blobs in a folder. The name of a blob is never the name of a file. It is inside a small file, the card, which is named by the hash of the blob's name and
/// points to the content. Replacing the card replaces the blob in one step.
/// </summary>
internal sealed class FolderBlobStore : IBlobStore
{
    /// <summary>Changes a card and its entry together, so that after two concurrent writes to one name both refer to the same blob.</summary>
    private readonly Lock _gate = new();

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, (string ContentType, string File)> _blobs = new(StringComparer.Ordinal);

    public FolderBlobStore(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var path in Directory.EnumerateFiles(_folder, "*.json"))
        {
            using var card = DataFolder.Read(_folder, () => JsonDocument.Parse(File.ReadAllBytes(path)));
            string Member(string name) => DataFolder.Read(_folder, () => card.RootElement.GetProperty(name).GetString()!);
            _blobs[Member("name")] = (Member("contentType"), Path.GetFileName(Member("file")));
        }

        // Files without a card were being written, or had just been replaced, when an earlier run ended.
        var used = _blobs.Values.Select(blob => blob.File).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(_folder).Where(path => !path.EndsWith(".json", StringComparison.Ordinal) && !used.Contains(Path.GetFileName(path))))
        {
            File.Delete(path);
        }
    }

    public IReadOnlyList<string> Names => [.. _blobs.Keys.Order(StringComparer.Ordinal)];

    public async Task SaveAsync(string name, string contentType, IEnumerable<Stream> contents, long maxBytes, CancellationToken cancellationToken)
    {
        var file = $"{Guid.NewGuid():N}.blob";
        var path = Path.Combine(_folder, file);
        string? replaced;
        try
        {
            using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true))
            {
                await BoundedCopy.ToAsync(contents, stream, maxBytes, cancellationToken).ConfigureAwait(false);
            }

            var card = JsonText.ToBytes(new JsonObject { ["name"] = name, ["contentType"] = contentType, ["file"] = file });
            await File.WriteAllBytesAsync(path + ".card", card, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                File.Move(path + ".card", CardOf(name), overwrite: true);
                replaced = _blobs.GetValueOrDefault(name).File;
                _blobs[name] = (contentType, file);
            }
        }
        catch
        {
            File.Delete(path);
            File.Delete(path + ".card");
            throw;
        }

        // The new blob is in place by now, even if this fails.
        if (replaced is not null)
        {
            File.Delete(Path.Combine(_folder, replaced));
        }
    }

    public BlobHandle? Open(string name)
    {
        // Another blob may replace this one between the lookup and the opening. If the file is missing and was not replaced, it is really missing.
        string? missing = null;
        while (_blobs.TryGetValue(name, out var blob) && blob.File != missing)
        {
            try
            {
                var stream = new FileStream(
                    Path.Combine(_folder, blob.File), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, useAsync: true);
                return new(blob.ContentType, stream.Length, stream);
            }
            catch (FileNotFoundException)
            {
                missing = blob.File;
            }
        }

        return null;
    }

    public bool Exists(string name) => _blobs.ContainsKey(name);

    public bool Remove(string name)
    {
        lock (_gate)
        {
            if (!_blobs.TryRemove(name, out var blob))
            {
                return false;
            }

            File.Delete(CardOf(name));
            File.Delete(Path.Combine(_folder, blob.File));
            return true;
        }
    }

    private string CardOf(string name) =>
        Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))) + ".json");
}
