using Amazon.S3.Model;

namespace AssetCompute.Client.AmazonS3;

/// <summary>A target of several parts: there is no object before they are completed.</summary>
internal sealed class MultipartTarget(AmazonS3Storage storage, S3Calls calls, string name, string key, string uploadId, RenditionTarget target) : StorageTarget(storage, name, target)
{
    protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
    {
        List<PartDetail>? parts = await calls.ListPartsAsync(Name, key, uploadId, cancellationToken).ConfigureAwait(false);
        if (parts is not null)
        {
            Check(created, parts);
            if (await calls.CompleteMultipartAsync(Name, key, uploadId, [.. parts.Select(static part => new PartETag(part.PartNumber ?? 0, part.ETag))], cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        // Where it was aborted there is no object.
        CheckSize(created, await calls.SizeOfAsync(Name, key, cancellationToken).ConfigureAwait(false));
    }

    protected override Task DiscardAsync(CancellationToken cancellationToken) => calls.AbortMultipartAsync(Name, key, uploadId, cancellationToken);

    private void Check(RenditionCreated created, List<PartDetail> parts)
    {
        parts.Sort(static (left, right) => Nullable.Compare(left.PartNumber, right.PartNumber));
        if (parts.Count == 0 || parts.Where((part, index) => part.PartNumber != index + 1).Any())
        {
            throw new AssetStorageException($"The parts of the rendition '{Name}' have gaps: {parts.Count} were written. It is not complete; ask for it again with a new target.");
        }

        CheckSize(created, parts.Sum(part => part.Size ?? 0));
    }
}
