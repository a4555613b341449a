using System.Buffers;

namespace AssetCompute.Client.AzureBlobs;

/// <summary>
/// Storage in a container of Azure Blob Storage, by the URL of its shared access signature (SAS).
/// </summary>
/// <remarks>
/// Nothing is signed here: every URL that the service gets carries the container's SAS, with all that it allows. Give the service a container of its own. The permissions that the SAS needs
/// are named in docs/storage.md.
/// </remarks>
public sealed class AzureBlobsStorage : IAssetStorage, IDisposable
{
    // Azure would take 50,000. Each is some 300 characters of the request, so that these are as much as a request should carry.
    private const int MaxTargetParts = 1_000;

    private readonly AzureBlobsStorageOptions _options;
    private readonly ContainerSas _sas;
    private readonly BlobCalls _calls;
    private readonly HttpClient? _ownedClient;

    /// <summary>Storage in a container, for as long as a SAS lives.</summary>
    /// <param name="containerUrl">The URL of the container with its SAS. In the Azure SDK: <c>container.GenerateSasUri(permissions, expiry)</c>.</param>
    /// <param name="options">How the container is used; null for the defaults.</param>
    /// <param name="httpClient">The HTTP client, which is not disposed. Default: one of its own.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="containerUrl"/> is null or no URL of a container with a SAS, or an option is out of range.</exception>
    public AzureBlobsStorage(Uri containerUrl, AzureBlobsStorageOptions? options = null, HttpClient? httpClient = null, TimeProvider? timeProvider = null)
        : this(_ => new ValueTask<Uri>(containerUrl), options, httpClient, timeProvider) =>
        ContainerSas.Check(containerUrl, nameof(containerUrl));

    /// <summary>Storage in a container, with a SAS that is renewed.</summary>
    /// <param name="getContainerUrl">
    /// Makes the URL of the container with a new SAS. Asked at first, and again when the last SAS would end before the URLs that are needed; by one caller at a time.
    /// </param>
    /// <param name="options">How the container is used; null for the defaults.</param>
    /// <param name="httpClient">The HTTP client, which is not disposed. Default: one of its own.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="getContainerUrl"/> is null, or an option is out of range.</exception>
    public AzureBlobsStorage(
        Func<CancellationToken, ValueTask<Uri>> getContainerUrl, AzureBlobsStorageOptions? options = null, HttpClient? httpClient = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(getContainerUrl);
        _options = options ?? new AzureBlobsStorageOptions();
        _options.Validate(nameof(options));
        timeProvider ??= TimeProvider.System;
        _ownedClient = httpClient is null ? NewHttpClient() : null;
        _sas = new ContainerSas(getContainerUrl, _options.Prefix, timeProvider);
        _calls = new BlobCalls(httpClient ?? _ownedClient!, _sas, _options.MaxRetryAttempts, timeProvider);
    }

    /// <inheritdoc/>
    public async Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        contentType ??= "application/octet-stream";
        byte[] buffer = ArrayPool<byte>.Shared.Rent(_options.UploadPartSize);
        try
        {
            Memory<byte> part = buffer.AsMemory(0, _options.UploadPartSize);
            int length = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length < part.Length)
            {
                await _calls.PutBlobAsync(name, part[..length], contentType, cancellationToken).ConfigureAwait(false);
                return;
            }

            // What a failed upload leaves are blocks that nothing refers to: Azure removes them after a week.
            BlockIds ids = BlockIds.New();
            List<string> written = [];
            for (; length > 0; length = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false))
            {
                string id = ids[written.Count];
                await _calls.PutBlockAsync(name, id, part[..length], cancellationToken).ConfigureAwait(false);
                written.Add(id);
            }

            await _calls.PutBlockListAsync(name, written, contentType, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return _calls.OpenAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return _calls.DeleteAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="AssetStorageException">The SAS ends before the URL shall.</exception>
    public async Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return new Uri(await _sas.UrlOfAsync(name, Check(lifetime, nameof(lifetime)), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    /// <exception cref="AssetStorageException">The SAS ends before the URLs shall.</exception>
    public async Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalidForTarget(name);
        options ??= new StorageTargetOptions();
        long most = _options.PartSize * MaxTargetParts;
        if (options.MaxSize <= 0 || options.MaxSize > most)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSize, $"{nameof(StorageTargetOptions.MaxSize)} must be over 0, up to {most} bytes: {MaxTargetParts} parts of {nameof(AzureBlobsStorageOptions.PartSize)}.");
        }

        string url = await _sas.UrlOfAsync(name, Check(options.Lifetime, nameof(options)), cancellationToken).ConfigureAwait(false);
        BlockIds ids = BlockIds.New();

        // Blocks for a single part too: a whole blob needs a header that the service does not send.
        string[] urls = [.. Enumerable.Range(0, (int)((options.MaxSize + _options.PartSize - 1) / _options.PartSize)).Select(part => BlobCalls.BlockUrl(url, ids[part]))];
        return new BlockTarget(this, _calls, name, ids, new RenditionTarget(urls, Math.Min(_options.PartSize, options.MaxSize)), options.ContentType);
    }

    /// <summary>Closes the connections, unless the HTTP client came from outside.</summary>
    public void Dispose()
    {
        _ownedClient?.Dispose();
        _sas.Dispose();
    }

    private static HttpClient NewHttpClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    private TimeSpan Check(TimeSpan? lifetime, string parameter)
    {
        TimeSpan wanted = lifetime ?? _options.UrlLifetime;
        return wanted > TimeSpan.Zero ? wanted : throw new ArgumentOutOfRangeException(parameter, wanted, "The lifetime of a URL must be over zero.");
    }
}
