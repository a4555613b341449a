using System.Buffers;
using Amazon.S3.Model;

namespace AssetCompute.Client.AmazonS3;

/// <summary>
/// One upload of a stream, a part at a time in one buffer. (The SDK's TransferUtility makes new buffers for every part and fills twice their size, also for a few bytes.)
/// </summary>
internal sealed class S3Upload(S3Calls calls, string name, string key, string contentType, int partSize)
{
    private const int MaxParts = 10_000;

    private static readonly TimeSpan s_abortTimeout = TimeSpan.FromSeconds(10);

    public async Task RunAsync(Stream content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int size = PartSizeFor(content);
        byte[] rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            // The pool may give more than was asked for.
            ArraySegment<byte> buffer = new(rented, 0, size);
            int length = await content.ReadAtLeastAsync(buffer, size, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length < size)
            {
                using MemoryStream whole = new(rented, 0, length, writable: false);
                await calls.PutObjectAsync(name, key, contentType, whole, cancellationToken).ConfigureAwait(false);
                return;
            }

            string uploadId = await calls.BeginMultipartAsync(name, key, contentType, cancellationToken).ConfigureAwait(false);
            try
            {
                await PutPartsAsync(content, uploadId, buffer, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await AbortAsync(uploadId).ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async Task PutPartsAsync(Stream content, string uploadId, ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        List<PartETag> parts = [];
        long written = 0;
        for (int length = buffer.Count; length > 0; length = await content.ReadAtLeastAsync(buffer, buffer.Count, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false))
        {
            using MemoryStream part = new(buffer.Array!, 0, length, writable: false);
            parts.Add(await calls.PutPartAsync(name, key, uploadId, parts.Count + 1, part, cancellationToken).ConfigureAwait(false));
            written += length;
        }

        if (!await calls.CompleteMultipartAsync(name, key, uploadId, parts, cancellationToken).ConfigureAwait(false)
            && await SizeOfObjectAsync(cancellationToken).ConfigureAwait(false) != written)
        {
            throw new AssetStorageException($"The upload of '{name}' was aborted by somebody else before it was complete.");
        }
    }

    private async Task<long?> SizeOfObjectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await calls.SizeOfAsync(name, key, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetStorageException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Why the upload failed must not be hidden by a failing abort: a lifecycle rule removes what is left then.</summary>
    private async Task AbortAsync(string uploadId)
    {
        using CancellationTokenSource timeout = new(s_abortTimeout);
        try
        {
            await calls.AbortMultipartAsync(name, key, uploadId, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AssetStorageException or OperationCanceledException)
        {
        }
    }

    /// <summary>Larger than asked for where the length is known, and would make more parts than S3 takes.</summary>
    private int PartSizeFor(Stream content) =>
        content.CanSeek ? (int)Math.Max(partSize, ((content.Length - content.Position) / MaxParts) + 1) : partSize;
}
