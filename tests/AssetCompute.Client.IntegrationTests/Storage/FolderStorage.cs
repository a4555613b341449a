using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>A folder that your web server shares. The server accepts GET and PUT and checks the signature and expiration of each URL.</summary>
public sealed class FolderStorage(string folder, Uri address, byte[] key) : IAssetStorage
{
    public async Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name), temporary = Path.Combine(folder, Path.GetRandomFileName());
        await using (FileStream file = File.Create(temporary))
        {
            await content.CopyToAsync(file, cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name);
        FileStream file = File.Exists(path) ? File.OpenRead(path) : throw new AssetStorageException($"There is no '{name}'.") { IsNotFound = true };
        return Task.FromResult(new StoredAsset(file, file.Length));
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken = default) => Task.Run(() => File.Delete(PathOf(name)), cancellationToken);

    public Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(Sign("GET", name, lifetime ?? TimeSpan.FromHours(2)));

    public Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StorageTargetOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxSize, StorageTargetOptions.MaxPartSize, nameof(options));
        string url = Sign("PUT", name, options.Lifetime ?? TimeSpan.FromHours(2)).AbsoluteUri;
        return Task.FromResult<StorageTarget>(new FolderTarget(this, name, new RenditionTarget([url], options.MaxSize)));
    }

    private string PathOf(string name)
    {
        AssetStorageName.ThrowIfInvalid(name);
        string path = Path.Combine(folder, Path.Combine(name.Split('/')));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private Uri Sign(string method, string name, TimeSpan lifetime)
    {
        long end = DateTimeOffset.UtcNow.Add(lifetime).ToUnixTimeSeconds();
        byte[] signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{method} {name} {end}"));
        return new Uri(address, $"{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}?end={end}&signature={Convert.ToHexString(signature)}");
    }

    private sealed class FolderTarget(FolderStorage storage, string name, RenditionTarget target) : StorageTarget(storage, name, target)
    {
        protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
        {
            using StoredAsset stored = await storage.OpenReadAsync(Name, cancellationToken);
            CheckSize(created, stored.Length);
        }

        protected override Task DiscardAsync(CancellationToken cancellationToken) => storage.DeleteAsync(Name, cancellationToken);
    }
}
