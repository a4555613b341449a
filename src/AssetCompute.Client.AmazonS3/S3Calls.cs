using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace AssetCompute.Client.AmazonS3;

/// <summary>Calls of one bucket, their failures as <see cref="AssetStorageException"/>.</summary>
internal sealed class S3Calls(IAmazonS3 client, string bucket)
{
    private const string NoSuchUpload = "NoSuchUpload";

    public IAmazonS3 Client => client;

    public string Bucket => bucket;

    /// <summary>The SDK signs for https unless told otherwise, also where its own service URL is a local http one.</summary>
    public Protocol Protocol =>
        client.Config.UseHttp || client.Config.ServiceURL?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS;

    public Task<string> SignAsync(string name, GetPreSignedUrlRequest request) =>
        RunAsync(name, "sign a URL for", () => client.GetPreSignedURLAsync(request), CancellationToken.None);

    public async Task DeleteAsync(string name, string key, CancellationToken cancellationToken)
    {
        DeleteObjectRequest request = new() { BucketName = bucket, Key = key };
        try
        {
            await RunAsync(name, "remove", () => client.DeleteObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (AssetStorageException exception) when (exception.IsNotFound)
        {
            // Removed already. Amazon does not say so; servers that only speak its protocol do.
        }
    }

    public async Task<long> SizeOfAsync(string name, string key, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new() { BucketName = bucket, Key = key };
        GetObjectMetadataResponse response = await RunAsync(name, "look at", () => client.GetObjectMetadataAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return response.ContentLength;
    }

    public Task PutObjectAsync(string name, string key, string contentType, Stream content, CancellationToken cancellationToken)
    {
        // The content is a buffer: signed as a whole it needs no copies in chunks, which cost as much memory again.
        PutObjectRequest request = new() { BucketName = bucket, Key = key, ContentType = contentType, InputStream = content, AutoCloseStream = false, UseChunkEncoding = false };
        return RunAsync(name, "store", () => client.PutObjectAsync(request, cancellationToken), cancellationToken);
    }

    public async Task<PartETag> PutPartAsync(string name, string key, string uploadId, int number, Stream content, CancellationToken cancellationToken)
    {
        UploadPartRequest request = new() { BucketName = bucket, Key = key, UploadId = uploadId, PartNumber = number, InputStream = content, PartSize = content.Length, UseChunkEncoding = false };
        UploadPartResponse response = await RunAsync(name, "store a part of", () => client.UploadPartAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new PartETag(response);
    }

    public async Task<string> BeginMultipartAsync(string name, string key, string? contentType, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadRequest request = new() { BucketName = bucket, Key = key, ContentType = contentType };
        InitiateMultipartUploadResponse response = await RunAsync(name, "begin the parts of", () => client.InitiateMultipartUploadAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return response.UploadId;
    }

    /// <summary>The parts that were written; null where there is no such upload any more, because it was completed or aborted.</summary>
    public async Task<List<PartDetail>?> ListPartsAsync(string name, string key, string uploadId, CancellationToken cancellationToken)
    {
        List<PartDetail> parts = [];
        ListPartsRequest request = new() { BucketName = bucket, Key = key, UploadId = uploadId };
        while (true)
        {
            ListPartsResponse? page = await RunUnlessGoneAsync(name, "list the parts of", () => client.ListPartsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (page is null)
            {
                return null;
            }

            parts.AddRange(page.Parts ?? []);
            if (page.IsTruncated != true)
            {
                return parts;
            }

            request.PartNumberMarker = page.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>False where there is no such upload any more: it was aborted, or completed by an earlier call whose answer was lost; the size of the object tells which.</summary>
    public async Task<bool> CompleteMultipartAsync(string name, string key, string uploadId, List<PartETag> parts, CancellationToken cancellationToken)
    {
        CompleteMultipartUploadRequest request = new()
        {
            BucketName = bucket,
            Key = key,
            UploadId = uploadId,
            PartETags = parts,
        };
        return await RunUnlessGoneAsync(name, "complete", () => client.CompleteMultipartUploadAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false) is not null;
    }

    public Task AbortMultipartAsync(string name, string key, string uploadId, CancellationToken cancellationToken)
    {
        AbortMultipartUploadRequest request = new() { BucketName = bucket, Key = key, UploadId = uploadId };
        return RunUnlessGoneAsync(name, "abort", () => client.AbortMultipartUploadAsync(request, cancellationToken), cancellationToken);
    }

    public async Task<T> RunAsync<T>(string name, string action, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Explain(name, action, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The SDK's own timeout.
            throw Explain(name, action, exception);
        }
    }

    private async Task<T?> RunUnlessGoneAsync<T>(string name, string action, Func<Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await RunAsync(name, action, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetStorageException exception) when (exception.InnerException is AmazonServiceException { ErrorCode: NoSuchUpload })
        {
            return null;
        }
    }

    private AssetStorageException Explain(string name, string action, Exception exception)
    {
        AmazonServiceException? answer = exception as AmazonServiceException;
        HttpStatusCode status = answer?.StatusCode ?? 0;
        string reason = status == 0 ? $"it did not answer ({exception.GetType().Name})" : $"it answered {(int)status} {answer!.ErrorCode}";
        string advice = status switch
        {
            HttpStatusCode.Forbidden => " Check the permissions of the credentials (docs/storage.md names them), and the machine's clock.",
            HttpStatusCode.NotFound when answer!.ErrorCode == "NoSuchBucket" => " Check the name of the bucket and the region of the client.",
            HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => " Check the region of the client.",
            _ => "",
        };
        return new AssetStorageException($"The bucket '{bucket}' could not {action} '{name}': {reason}.{advice}", exception)
        {
            IsNotFound = status == HttpStatusCode.NotFound && answer!.ErrorCode is not ("NoSuchBucket" or NoSuchUpload),
            StatusCode = status == 0 ? null : status,
            IsTransient = status is 0 or HttpStatusCode.RequestTimeout or (HttpStatusCode)429 or >= HttpStatusCode.InternalServerError,
        };
    }
}
