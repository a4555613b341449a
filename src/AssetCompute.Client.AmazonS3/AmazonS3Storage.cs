using System.Buffers;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace AssetCompute.Client.AmazonS3;

/// <summary>Storage in a bucket of Amazon S3, or of a server with the same protocol, based on <c>AWSSDK.S3</c>.</summary>
/// <remarks>
/// The application owns the client and sets its region, credentials, path style, retries and proxy. A pre-signed URL expires at the latest with the
/// credentials that signed it. If the credentials are temporary, set <see cref="AmazonS3StorageOptions.Credentials"/>. docs/storage.md lists the permissions.
/// </remarks>
public sealed class AmazonS3Storage : IAssetStorage
{
    internal const long MinPartSize = 5L << 20;
    internal static readonly TimeSpan MaxUrlLifetime = TimeSpan.FromDays(7);

    // S3 accepts 10,000 parts of an upload. Each URL of a target has about 600 characters, so 1,000 is a reasonable maximum for a request.
    private const int MaxParts = 10_000;
    private const int MaxTargetParts = 1_000;

    private readonly S3Bucket _bucket;
    private readonly AmazonS3StorageOptions _options;
    private readonly AWSCredentials? _credentials;
    private readonly TimeProvider _timeProvider;

    // The lifetime after the last renewal, if it was shorter than requested: to request more again would renew the credentials for every URL.
    private long _longestTicks = TimeSpan.MaxValue.Ticks;

    /// <summary>Creates a storage in a bucket.</summary>
    /// <param name="client">The client. It is not disposed.</param>
    /// <param name="bucket">The name of the bucket.</param>
    /// <param name="options">The settings of the bucket. Default: the defaults.</param>
    /// <param name="timeProvider">The clock for the lifetimes of URLs. Default: the system clock.</param>
    /// <exception cref="ArgumentException"><paramref name="client"/> is null, <paramref name="bucket"/> is null or empty, or an option is out of range.</exception>
    public AmazonS3Storage(IAmazonS3 client, string bucket, AmazonS3StorageOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        _options = AmazonS3StorageOptions.Checked(options, nameof(options));
        _credentials = _options.Credentials ?? client.Config.DefaultAWSCredentials;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _bucket = new S3Bucket(client, bucket, _options.Prefix);
    }

    /// <inheritdoc/>
    public async Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        contentType ??= "application/octet-stream";

        // Larger than configured if the length is known and there would be too many parts.
        int size = content.CanSeek ? (int)Math.Max(_options.UploadPartSize, ((content.Length - content.Position) / MaxParts) + 1) : _options.UploadPartSize;
        byte[] rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            int length = await content.ReadAtLeastAsync(rented.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length < size)
            {
                // The buffer is signed as a whole: chunks would need the same amount of memory again.
                using MemoryStream whole = new(rented, 0, length, writable: false);
                PutObjectRequest request = new() { BucketName = _bucket.Name, Key = _bucket.KeyOf(name), ContentType = contentType, InputStream = whole, AutoCloseStream = false, UseChunkEncoding = false };
                await _bucket.RunAsync(name, "store", s3 => s3.PutObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
                return;
            }

            await UploadPartsAsync(name, content, contentType, new ArraySegment<byte>(rented, 0, size), cancellationToken).ConfigureAwait(false);
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
        GetObjectRequest request = new() { BucketName = _bucket.Name, Key = _bucket.KeyOf(name) };
        GetObjectResponse response = await _bucket.RunAsync(name, "read", s3 => s3.GetObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new StoredAsset(response.ResponseStream, response.ContentLength, response.Headers.ContentType, response);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return _bucket.DeleteAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Without <paramref name="lifetime"/>, the URL expires with the credentials at the latest.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is not over zero, over 7 days, or longer than the credentials are
    /// valid.</exception>
    public async Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        DateTimeOffset expiry = await GetExpiryAsync(name, lifetime, nameof(lifetime), cancellationToken).ConfigureAwait(false);
        return new Uri(await _bucket.SignAsync(name, UrlRequest(HttpVerb.GET, name, expiry)).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    /// <remarks>Without <see cref="StorageTargetOptions.Lifetime"/>, the URLs expire with the credentials at the latest.</remarks>
    public async Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalidForTarget(name);
        options ??= new StorageTargetOptions();
        long most = _options.PartSize * MaxTargetParts;
        if (options.MaxSize <= 0 || options.MaxSize > most)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSize, $"{nameof(StorageTargetOptions.MaxSize)} must be over 0, up to {most} bytes: {MaxTargetParts} parts of {nameof(AmazonS3StorageOptions.PartSize)}.");
        }

        DateTimeOffset expiry = await GetExpiryAsync(name, options.Lifetime, nameof(options), cancellationToken).ConfigureAwait(false);
        bool isSingle = options.MaxSize <= _options.PartSize;
        string? uploadId = isSingle ? null : await _bucket.BeginAsync(name, options.ContentType, cancellationToken).ConfigureAwait(false);
        string[] urls = new string[(options.MaxSize + _options.PartSize - 1) / _options.PartSize];
        for (int i = 0; i < urls.Length; i++)
        {
            GetPreSignedUrlRequest part = UrlRequest(HttpVerb.PUT, name, expiry);
            part.UploadId = uploadId;
            part.PartNumber = isSingle ? null : i + 1;
            urls[i] = await _bucket.SignAsync(name, part).ConfigureAwait(false);
        }

        // A single URL also has the form of parts: then the service knows the limit, and fails with RenditionTooLarge instead of GenericError.
        return new S3Target(this, _bucket, name, uploadId, isSingle ? new RenditionTarget(urls, options.MaxSize) : new RenditionTarget(urls, _options.PartSize, MinPartSize));
    }

    // Not TransferUtility: it allocates new buffers for every part.
    private async Task UploadPartsAsync(string name, Stream content, string contentType, ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        string uploadId = await _bucket.BeginAsync(name, contentType, cancellationToken).ConfigureAwait(false);
        try
        {
            List<PartETag> parts = [];
            long written = 0;
            for (int length = buffer.Count; length > 0; length = await content.ReadAtLeastAsync(buffer, buffer.Count, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false))
            {
                using MemoryStream part = new(buffer.Array!, 0, length, writable: false);
                UploadPartRequest request = new() { BucketName = _bucket.Name, Key = _bucket.KeyOf(name), UploadId = uploadId, PartNumber = parts.Count + 1, InputStream = part, PartSize = length, UseChunkEncoding = false };
                parts.Add(new PartETag(await _bucket.RunAsync(name, "store a part of", s3 => s3.UploadPartAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false)));
                written += length;
            }

            if (!await _bucket.CompleteAsync(name, uploadId, parts, cancellationToken).ConfigureAwait(false)
                && await _bucket.SizeOfAsync(name, cancellationToken).ConfigureAwait(false) != written)
            {
                throw new AssetStorageException($"The upload of '{name}' was aborted by another caller before it was complete.");
            }
        }
        catch
        {
            // A failing abort must not hide the cause of the failed upload: a lifecycle rule removes the rest.
            using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(10));
            await _bucket.AbortAsync(name, uploadId, timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private GetPreSignedUrlRequest UrlRequest(HttpVerb verb, string name, DateTimeOffset expiry) => new() { BucketName = _bucket.Name, Key = _bucket.KeyOf(name), Verb = verb, Expires = expiry.UtcDateTime };

    /// <summary>Returns the expiry of a URL. It is not later than that of the credentials that sign it, which are renewed if possible.</summary>
    private async Task<DateTimeOffset> GetExpiryAsync(string name, TimeSpan? lifetime, string parameter, CancellationToken cancellationToken)
    {
        TimeSpan wanted = lifetime ?? _options.UrlLifetime;
        if (wanted <= TimeSpan.Zero || wanted > MaxUrlLifetime)
        {
            throw new ArgumentOutOfRangeException(parameter, wanted, "The lifetime of a URL must be over zero, up to 7 days: the maximum for Amazon's signatures.");
        }

        if (_credentials is RefreshingAWSCredentials refreshing)
        {
            await RenewAsync(name, refreshing, wanted, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        DateTimeOffset expiry = _timeProvider.GetUtcNow() + wanted;
        DateTimeOffset end = _credentials?.Expiration is { } expiration ? new DateTimeOffset(expiration.ToUniversalTime()) : DateTimeOffset.MaxValue;
        return expiry <= end ? expiry
            : lifetime is null && end > _timeProvider.GetUtcNow() ? end
            : throw new ArgumentOutOfRangeException(
                parameter, wanted, $"The URL would work until {expiry:u}, but the credentials that sign it expire at {end:u}. Request a shorter lifetime, or use credentials that expire later.");
    }

    /// <summary>Renews credentials that expire too early. If the new ones expire too early as well, they are renewed at half of their lifetime.</summary>
    private async Task RenewAsync(string name, RefreshingAWSCredentials credentials, TimeSpan wanted, CancellationToken cancellationToken)
    {
        long longest = Interlocked.Read(ref _longestTicks);
        TimeSpan asked = wanted.Ticks <= longest ? wanted : TimeSpan.FromTicks(longest / 2);
        DateTime? before = credentials.Expiration;
        await _bucket.RunAsync(name, "sign a URL for", _ => credentials.GetCredentialsAsync(asked).WaitAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        TimeSpan left = credentials.Expiration is { } after ? after.ToUniversalTime() - _timeProvider.GetUtcNow().UtcDateTime : TimeSpan.MaxValue;
        if (credentials.Expiration != before || left < asked)
        {
            Interlocked.Exchange(ref _longestTicks, left < wanted ? Math.Max(left.Ticks, 0) : Math.Max(left.Ticks, longest));
        }
    }
}
