using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace AssetCompute.Client.AmazonS3;

/// <summary>Calls of one bucket. Their failures are <see cref="AssetStorageException"/>.</summary>
internal sealed class S3Bucket(IAmazonS3 client, string bucket, string prefix)
{
    private const string NoSuchUpload = "NoSuchUpload";

    public string Name => bucket;

    public string KeyOf(string name) => prefix + name;

    public Task<string> SignAsync(string name, GetPreSignedUrlRequest request)
    {
        // The SDK signs for https unless configured otherwise, even if its own service URL is a local http URL.
        request.Protocol = client.Config.UseHttp || client.Config.ServiceURL?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS;
        return RunAsync(name, "sign a URL for", s3 => s3.GetPreSignedURLAsync(request), CancellationToken.None);
    }

    /// <summary>Deletes an object. Amazon does not report a missing one; other servers with its protocol do.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        RunUnlessGoneAsync(name, "delete", s3 => s3.DeleteObjectAsync(bucket, KeyOf(name), cancellationToken), cancellationToken);

    /// <summary>Returns the size of an object in bytes; null if there is none.</summary>
    public async Task<long?> SizeOfAsync(string name, CancellationToken cancellationToken) =>
        (await RunUnlessGoneAsync(name, "look at", s3 => s3.GetObjectMetadataAsync(bucket, KeyOf(name), cancellationToken), cancellationToken).ConfigureAwait(false))?.ContentLength;

    public async Task<string> BeginAsync(string name, string? contentType, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadRequest request = new() { BucketName = bucket, Key = KeyOf(name), ContentType = contentType };
        return (await RunAsync(name, "start the parts of", s3 => s3.InitiateMultipartUploadAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false)).UploadId;
    }

    /// <summary>Returns the written parts; null if the upload no longer exists, because it was completed or aborted.</summary>
    public Task<List<PartDetail>?> ListPartsAsync(string name, string uploadId, CancellationToken cancellationToken)
    {
        ListPartsRequest request = new() { BucketName = bucket, Key = KeyOf(name), UploadId = uploadId };
        return RunUnlessGoneAsync(name, "list the parts of", async s3 => await s3.Paginators.ListParts(request).Parts.ToListAsync(cancellationToken).ConfigureAwait(false), cancellationToken);
    }

    /// <summary>
    /// Completes the upload. Returns false if the upload no longer exists: aborted, or completed by an earlier call whose answer was lost. The size of the
    /// object shows which.
    /// </summary>
    public async Task<bool> CompleteAsync(string name, string uploadId, List<PartETag> parts, CancellationToken cancellationToken)
    {
        CompleteMultipartUploadRequest request = new() { BucketName = bucket, Key = KeyOf(name), UploadId = uploadId, PartETags = parts };
        return await RunUnlessGoneAsync(name, "complete", s3 => s3.CompleteMultipartUploadAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false) is not null;
    }

    public Task AbortAsync(string name, string uploadId, CancellationToken cancellationToken) =>
        RunUnlessGoneAsync(name, "abort", s3 => s3.AbortMultipartUploadAsync(bucket, KeyOf(name), uploadId, cancellationToken), cancellationToken);

    public async Task<T> RunAsync<T>(string name, string action, Func<IAmazonS3, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(client).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException)
        {
            // Without a cancellation, it is the SDK's own timeout.
            cancellationToken.ThrowIfCancellationRequested();
            throw Explain(name, action, exception);
        }
    }

    /// <summary>Returns the answer to a call; null if the object or the upload does not exist.</summary>
    private async Task<T?> RunUnlessGoneAsync<T>(string name, string action, Func<IAmazonS3, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await RunAsync(name, action, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetStorageException exception) when (exception.IsNotFound || exception.InnerException is AmazonServiceException { ErrorCode: NoSuchUpload })
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
            HttpStatusCode.NotFound when answer!.ErrorCode == "NoSuchBucket" => " Create the bucket, or check its name and the region of the client.",
            HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => " Check the region of the client.",
            _ => "",
        };
        return new AssetStorageException($"The bucket '{bucket}' could not {action} '{name}': {reason}.{advice}", exception)
        {
            IsNotFound = status == HttpStatusCode.NotFound && answer!.ErrorCode is not ("NoSuchBucket" or NoSuchUpload),
            StatusCode = status == 0 ? null : status,
            IsTransient = status is 0 or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        };
    }
}
