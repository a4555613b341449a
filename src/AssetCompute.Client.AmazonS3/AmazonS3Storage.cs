using Amazon.S3;
using Amazon.S3.Model;

namespace AssetCompute.Client.AmazonS3;

/// <summary>
/// Storage in a bucket of Amazon S3, or of a server that speaks its protocol.
/// </summary>
/// <remarks>
/// Give it a client of your own, which it does not dispose: region, credentials, retries and proxies are that client's matter. The permissions that the credentials need
/// are named in docs/storage.md.
/// </remarks>
public sealed class AmazonS3Storage : IAssetStorage
{
    internal const long MinPartSize = 5L << 20;
    internal static readonly TimeSpan MaxUrlLifetime = TimeSpan.FromDays(7);

    // S3 would take 10,000. Each is some 600 characters of the request, so that these are as much as a request should carry.
    private const int MaxTargetParts = 1_000;

    private readonly S3Calls _calls;
    private readonly AmazonS3StorageOptions _options;
    private readonly TimeProvider _timeProvider;

    /// <summary>Storage in a bucket.</summary>
    /// <param name="client">The client; whoever made it disposes it.</param>
    /// <param name="bucket">The name of the bucket.</param>
    /// <param name="options">How the bucket is used; null for the defaults.</param>
    /// <param name="timeProvider">The clock of the URLs' lifetimes. Default: the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="client"/> is null, <paramref name="bucket"/> null or empty, or an option out of range.</exception>
    public AmazonS3Storage(IAmazonS3 client, string bucket, AmazonS3StorageOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        _options = options ?? new AmazonS3StorageOptions();
        _options.Validate(nameof(options));
        _timeProvider = timeProvider ?? TimeProvider.System;
        _calls = new S3Calls(client, bucket);
    }

    /// <inheritdoc/>
    public Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        return new S3Upload(_calls, name, KeyOf(name), contentType ?? "application/octet-stream", _options.UploadPartSize).RunAsync(content, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        GetObjectRequest request = new() { BucketName = _calls.Bucket, Key = KeyOf(name) };
        GetObjectResponse response = await _calls.RunAsync(name, "read", () => _calls.Client.GetObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new StoredAsset(response.ResponseStream, response.ContentLength, response.Headers.ContentType, response);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return _calls.DeleteAsync(name, KeyOf(name), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        return new Uri(await _calls.SignAsync(name, UrlRequest(HttpVerb.GET, KeyOf(name), ExpiryOf(lifetime, nameof(lifetime)))).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalidForTarget(name);
        options ??= new StorageTargetOptions();
        long most = _options.PartSize * MaxTargetParts;
        if (options.MaxSize <= 0 || options.MaxSize > most)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSize, $"{nameof(StorageTargetOptions.MaxSize)} must be over 0, up to {most} bytes: {MaxTargetParts} parts of {nameof(AmazonS3StorageOptions.PartSize)}.");
        }

        DateTimeOffset expiry = ExpiryOf(options.Lifetime, nameof(options));
        cancellationToken.ThrowIfCancellationRequested();
        return options.MaxSize <= _options.PartSize
            ? await CreateSingleAsync(name, options.MaxSize, expiry).ConfigureAwait(false)
            : await CreateMultipartAsync(name, options, expiry, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StorageTarget> CreateSingleAsync(string name, long maxSize, DateTimeOffset expiry)
    {
        string url = await _calls.SignAsync(name, UrlRequest(HttpVerb.PUT, KeyOf(name), expiry)).ConfigureAwait(false);

        // In the form of parts, though there is but one: so the service knows the limit, and says RenditionTooLarge where it would say GenericError.
        return new SingleTarget(this, _calls, name, KeyOf(name), new RenditionTarget([url], maxSize));
    }

    private async Task<StorageTarget> CreateMultipartAsync(string name, StorageTargetOptions options, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        string key = KeyOf(name);
        string uploadId = await _calls.BeginMultipartAsync(name, key, options.ContentType, cancellationToken).ConfigureAwait(false);
        string[] urls = new string[(options.MaxSize + _options.PartSize - 1) / _options.PartSize];
        for (int i = 0; i < urls.Length; i++)
        {
            GetPreSignedUrlRequest part = UrlRequest(HttpVerb.PUT, key, expiry);
            part.UploadId = uploadId;
            part.PartNumber = i + 1;
            urls[i] = await _calls.SignAsync(name, part).ConfigureAwait(false);
        }

        return new MultipartTarget(this, _calls, name, key, uploadId, new RenditionTarget(urls, _options.PartSize, MinPartSize));
    }

    private string KeyOf(string name) => _options.Prefix + name;

    private DateTimeOffset ExpiryOf(TimeSpan? lifetime, string parameter)
    {
        TimeSpan wanted = lifetime ?? _options.UrlLifetime;
        return wanted > TimeSpan.Zero && wanted <= MaxUrlLifetime
            ? _timeProvider.GetUtcNow() + wanted
            : throw new ArgumentOutOfRangeException(parameter, wanted, "The lifetime of a URL must be over zero, up to 7 days: Amazon's signatures live no longer.");
    }

    private GetPreSignedUrlRequest UrlRequest(HttpVerb verb, string key, DateTimeOffset expiry) => new()
    {
        BucketName = _calls.Bucket,
        Key = key,
        Verb = verb,
        Expires = expiry.UtcDateTime,
        Protocol = _calls.Protocol,
    };
}
