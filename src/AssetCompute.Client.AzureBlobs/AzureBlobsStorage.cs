using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace AssetCompute.Client.AzureBlobs;

/// <summary>Storage in a container of Azure Blob Storage, based on <c>Azure.Storage.Blobs</c>.</summary>
/// <remarks>
/// A client with an account key or a <c>TokenCredential</c> signs a URL for each blob, with only the permission that it needs. A SAS of the container is
/// passed to the service unchanged, with all its permissions: use a separate container. docs/storage.md lists the roles and permissions.
/// </remarks>
public sealed class AzureBlobsStorage : IAssetStorage, IDisposable
{
    // Azure accepts 50,000. Each URL has about 400 characters, so 1,000 is a reasonable maximum for a request.
    private const int MaxTargetParts = 1_000;

    private readonly AzureBlobsStorageOptions _options;
    private readonly ContainerAccess _access;

    /// <summary>Creates a storage with a client of the application.</summary>
    /// <param name="container">The client, created with a <c>TokenCredential</c>, an account key, or a URL that contains a SAS (<c>new BlobContainerClient(containerUrl)</c>).</param>
    /// <param name="options">The settings of the container. Default: the defaults.</param>
    /// <param name="timeProvider">The clock. Default: the system clock.</param>
    /// <exception cref="ArgumentException"><paramref name="container"/> is null or cannot create URLs for the service (such as with an
    /// <c>AzureSasCredential</c>), or an option is out of range.</exception>
    public AzureBlobsStorage(BlobContainerClient container, AzureBlobsStorageOptions? options = null, TimeProvider? timeProvider = null)
    {
        _options = AzureBlobsStorageOptions.Checked(options, nameof(options));
        ContainerAccess.Checked(container, nameof(container));
        _access = new ContainerAccess(_ => ValueTask.FromResult(container), timeProvider ?? TimeProvider.System);
    }

    /// <summary>Creates a storage with the URL of a container and a renewable SAS.</summary>
    /// <param name="getContainerUrl">Creates the URL of the container with a new SAS. It is called first, and again when the last SAS expires too early, but never concurrently.</param>
    /// <param name="options">The settings of the container. Default: the defaults.</param>
    /// <param name="timeProvider">The clock. Default: the system clock.</param>
    /// <exception cref="ArgumentException"><paramref name="getContainerUrl"/> is null, or an option is out of range.</exception>
    public AzureBlobsStorage(Func<CancellationToken, ValueTask<Uri>> getContainerUrl, AzureBlobsStorageOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(getContainerUrl);
        _options = AzureBlobsStorageOptions.Checked(options, nameof(options));
        _access = new ContainerAccess(
            async token => new BlobContainerClient(await getContainerUrl(token).ConfigureAwait(false), _options.ClientOptions), timeProvider ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public async Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        byte[] rented = ArrayPool<byte>.Shared.Rent(_options.UploadPartSize);
        try
        {
            int size = _options.UploadPartSize;
            int length = await content.ReadAtLeastAsync(rented.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length < size)
            {
                using MemoryStream whole = new(rented, 0, length, writable: false);
                await RunAsync(name, "store", blob => blob.UploadAsync(whole, new BlobUploadOptions { HttpHeaders = HeadersOf(contentType) }, cancellationToken), cancellationToken).ConfigureAwait(false);
                return;
            }

            // Not BlobClient.UploadAsync: its block ids are the same in every upload, so that two concurrent uploads of the same name could mix.
            string mark = RandomNumberGenerator.GetHexString(42);
            List<string> blocks = [];
            for (; length > 0; length = await content.ReadAtLeastAsync(rented.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false))
            {
                using MemoryStream block = new(rented, 0, length, writable: false);
                blocks.Add(BlockId(blocks.Count, mark));
                await RunAsync(name, "store a block of", blob => blob.StageBlockAsync(blocks[^1], block, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            await CommitAsync(name, blocks, contentType, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public async Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        BlobDownloadStreamingResult read = await RunAsync(name, "read", async blob => (await blob.DownloadStreamingAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value, cancellationToken).ConfigureAwait(false);
        return new StoredAsset(read.Content, read.Details.ContentLength, read.Details.ContentType, read);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return RunAsync(name, "delete", blob => blob.DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return await SignAsync(name, BlobSasPermissions.Read, lifetime, nameof(lifetime), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalidForTarget(name);
        options ??= new StorageTargetOptions();
        long most = _options.PartSize * MaxTargetParts;
        if (options.MaxSize <= 0 || options.MaxSize > most)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSize, $"{nameof(StorageTargetOptions.MaxSize)} must be over 0, up to {most} bytes: {MaxTargetParts} parts of {nameof(AzureBlobsStorageOptions.PartSize)}.");
        }

        Uri url = await SignAsync(name, BlobSasPermissions.Create | BlobSasPermissions.Write, options.Lifetime, nameof(options), cancellationToken).ConfigureAwait(false);

        // Blocks for a single part too: Put Blob needs a header that the service does not send.
        string mark = RandomNumberGenerator.GetHexString(42);
        string[] blocks = [.. Enumerable.Range(0, (int)((options.MaxSize + _options.PartSize - 1) / _options.PartSize)).Select(part => BlockId(part, mark))];
        string[] urls = [.. blocks.Select(block => $"{url.AbsoluteUri}&comp=block&blockid={Uri.EscapeDataString(block)}")];
        return new BlockTarget(this, name, blocks, new RenditionTarget(urls, Math.Min(_options.PartSize, options.MaxSize)), options.ContentType);
    }

    /// <summary>Releases the resources for the renewal of the SAS or the key. The client is not disposed: it belongs to the application.</summary>
    public void Dispose() => _access.Dispose();

    /// <summary>Returns the uncommitted blocks with their sizes in bytes.</summary>
    /// <exception cref="AssetStorageException">There are neither blocks nor a blob, or the storage failed.</exception>
    internal async Task<Dictionary<string, long>> GetUncommittedAsync(string name, CancellationToken cancellationToken)
    {
        BlockList list = await RunAsync(
            name, "list the blocks of", async blob => (await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken).ConfigureAwait(false)).Value, cancellationToken).ConfigureAwait(false);
        return list.UncommittedBlocks.ToDictionary(static block => block.Name, static block => block.SizeLong, StringComparer.Ordinal);
    }

    // The SDK commits the latest block of each id, committed or not: if an answer is lost, the same list is sent again after Azure has committed it.
    internal Task CommitAsync(string name, IEnumerable<string> blocks, string? contentType, CancellationToken cancellationToken) =>
        RunAsync(name, "commit the blocks of", blob => blob.CommitBlockListAsync(blocks, HeadersOf(contentType), cancellationToken: cancellationToken), cancellationToken);

    private static BlobHttpHeaders HeadersOf(string? contentType) => new() { ContentType = contentType ?? "application/octet-stream" };

    // 48 bytes, like the SDK's own ids: Azure refuses an upload whose ids differ in length from those of blocks that remain from another upload. The mark
    // keeps such blocks out of this upload.
    private static string BlockId(int index, string mark) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{index:D6}{mark}"));

    private Task<Uri> SignAsync(string name, BlobSasPermissions permissions, TimeSpan? lifetime, string parameter, CancellationToken cancellationToken)
    {
        TimeSpan wanted = lifetime ?? _options.UrlLifetime;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wanted, TimeSpan.Zero, parameter);
        return ExplainedAsync(name, "sign a URL for", () => _access.CreateUrlAsync(_options.Prefix + name, permissions, wanted, parameter, cancellationToken), cancellationToken);
    }

    private Task<T> RunAsync<T>(string name, string action, Func<BlockBlobClient, Task<T>> call, CancellationToken cancellationToken) =>
        ExplainedAsync(name, action, async () => await call((await _access.GetContainerAsync(cancellationToken).ConfigureAwait(false)).GetBlockBlobClient(_options.Prefix + name)).ConfigureAwait(false), cancellationToken);

    private static async Task<T> ExplainedAsync<T>(string name, string action, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not (AssetStorageException or ArgumentException))
        {
            throw Explain(name, action, exception);
        }
    }

    private static AssetStorageException Explain(string name, string action, Exception exception)
    {
        // After several attempts without an answer, the SDK throws one exception for all of them.
        Exception last = exception is AggregateException { InnerExceptions: [.., var inner] } ? inner : exception;
        RequestFailedException? answer = last as RequestFailedException;
        int status = answer?.Status ?? 0;
        bool isContainer = answer?.ErrorCode == "ContainerNotFound";
        bool isSilent = status == 0 && (answer is not null || last is OperationCanceledException or IOException);
        string reason = status != 0 ? $"it answered {status} {answer!.ErrorCode}" : isSilent ? "it did not answer" : "the call failed";
        string advice = status switch
        {
            401 or 403 => " Check the role of the identity or the permissions of the SAS (docs/storage.md names them), their expiry, and the machine's clock.",
            404 when isContainer => " Create the container, or check its name.",
            0 => $" {last.GetType().Name}: see the inner exception.",
            _ => "",
        };
        return new AssetStorageException($"The container could not {action} '{name}': {reason}.{advice}", exception)
        {
            IsNotFound = status == 404 && !isContainer,
            IsTransient = isSilent || status is 408 or 429 or 500 or 502 or 503 or 504,
            StatusCode = status == 0 ? null : (HttpStatusCode)status,
        };
    }
}
