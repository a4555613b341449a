using System.Security.Cryptography;
using System.Text;
using AssetCompute.Client;

namespace AssetExport.Demo;

/// <summary>Reads the destinations directly, without relying on the application.</summary>
internal sealed class SceneDestinations(IReadOnlyDictionary<string, string> folders, StorageServers servers, string prefix, MarketoServer marketo)
{
    public async Task<SceneComparison> CompareAsync(IReadOnlyList<PublishedAsset> assets, CancellationToken cancellationToken)
    {
        Dictionary<string, int> matching = new(StringComparer.Ordinal);
        List<string> missing = [];
        List<string> different = [];
        HashSet<string> wanted = new(StringComparer.Ordinal);
        long bytes = 0;
        foreach (PublishedAsset asset in assets)
        {
            foreach (string destination in asset.Destinations)
            {
                string item = asset.Asset.Path[1..];
                wanted.Add(KeyOf(destination, item));
                (string Sha1, long Size)? stored = await ReadAsync(destination, item, cancellationToken);
                if (stored is null)
                {
                    missing.Add($"{asset.Asset.Path} to {destination}");
                }
                else if (stored.Value.Sha1 != asset.Asset.Sha1)
                {
                    different.Add($"{asset.Asset.Path} to {destination}");
                }
                else
                {
                    matching[destination] = matching.GetValueOrDefault(destination) + 1;
                }

                bytes += stored?.Size ?? 0;
            }
        }

        IEnumerable<string> duplicates = (await KeysAsync()).CountBy(static key => key).Where(key => key.Value > 1 || !wanted.Contains(key.Key)).Select(static key => key.Key);
        return new SceneComparison(assets.Sum(static asset => asset.Destinations.Count), matching, bytes, missing, different, [.. duplicates]);
    }

    /// <summary>Returns the file name in Marketo as described in docs/export.md. Digits distinguish assets with the same name.</summary>
    private static string MarketoNameOf(string item)
    {
        string name = item[(item.LastIndexOf('/') + 1)..];
        string digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(item)))[..8];
        return $"{Path.GetFileNameWithoutExtension(name)}-{digits}{Path.GetExtension(name)}";
    }

    private static string KeyOf(string destination, string item) => destination == "marketo" ? $"{destination} {MarketoNameOf(item)}" : $"{destination} {item}";

    /// <summary>Returns the names of all files at all destinations.</summary>
    private async Task<IEnumerable<string>> KeysAsync()
    {
        return folders.SelectMany(static pair => FilesOf(pair.Value).Select(file => $"{pair.Key} {file}"))
            .Concat(NamesOf(await servers.S3WritesAsync()).Select(static name => $"s3 {name}"))
            .Concat(NamesOf(await servers.AzureWritesAsync()).Select(static name => $"azure {name}"))
            .Concat(marketo.Files.Select(static file => $"marketo {file.Name}"));
    }

    /// <summary>Returns the files of a folder, except incomplete ones and internal files of a WebDAV server.</summary>
    private static IEnumerable<string> FilesOf(string folder) => !Directory.Exists(folder) ? []
        : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Where(static file => !file.StartsWith(".incoming", StringComparison.Ordinal) && !file.Contains("/.DAV/", StringComparison.Ordinal));

    private IEnumerable<string> NamesOf(IReadOnlyDictionary<string, int> writes) =>
        writes.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    private async Task<(string Sha1, long Size)?> ReadAsync(string destination, string item, CancellationToken cancellationToken)
    {
        if (folders.TryGetValue(destination, out string? folder))
        {
            string path = Path.Combine(folder, item);
            return File.Exists(path) ? await HashAsync(File.OpenRead(path), cancellationToken) : null;
        }

        switch (destination)
        {
            case "marketo":
                string name = MarketoNameOf(item);
                return marketo.Files.FirstOrDefault(file => file.Name == name) is { } found ? (found.Sha1, found.Size) : null;
            default:
                try
                {
                    using StoredAsset stored = await (destination == "s3" ? servers.S3 : servers.Azure).OpenReadAsync(prefix + item, cancellationToken);
                    return await HashAsync(stored.Content, cancellationToken);
                }
                catch (AssetStorageException exception) when (exception.IsNotFound)
                {
                    return null;
                }
        }
    }

    private static async Task<(string Sha1, long Size)> HashAsync(Stream content, CancellationToken cancellationToken)
    {
        await using (content)
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            byte[] buffer = new byte[64 << 10];
            long size = 0;
            for (int count; (count = await content.ReadAsync(buffer, cancellationToken)) > 0; size += count)
            {
                hash.AppendData(buffer, 0, count);
            }

            return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        }
    }
}
