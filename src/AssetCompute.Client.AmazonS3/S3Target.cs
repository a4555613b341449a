using Amazon.S3.Model;

namespace AssetCompute.Client.AmazonS3;

/// <summary>A target of one URL, which writes the object, or of several parts. With parts, the object does not exist before they are completed.</summary>
internal sealed class S3Target(AmazonS3Storage storage, S3Bucket bucket, string name, string? uploadId, RenditionTarget target) : StorageTarget(storage, name, target)
{
    protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
    {
        if (uploadId is not null && await bucket.ListPartsAsync(Name, uploadId, cancellationToken).ConfigureAwait(false) is { } parts)
        {
            parts.Sort(static (left, right) => Nullable.Compare(left.PartNumber, right.PartNumber));
            if (parts.Count == 0 || parts.Where((part, index) => part.PartNumber != index + 1).Any())
            {
                throw new AssetStorageException($"The parts of the rendition '{Name}' have gaps: {parts.Count} were written. It is not complete; request it again with a new target.");
            }

            CheckSize(created, parts.Sum(part => part.Size ?? 0));
            if (await bucket.CompleteAsync(Name, uploadId, [.. parts.Select(static part => new PartETag(part.PartNumber ?? 0, part.ETag))], cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        // Written through the single URL, or completed by an earlier call whose answer was lost.
        CheckSize(
            created,
            await bucket.SizeOfAsync(Name, cancellationToken).ConfigureAwait(false)
                ?? throw new AssetStorageException($"The rendition '{Name}' was not written to its target, or its upload was aborted. Request it again with a new target.") { IsNotFound = true });
    }

    protected override Task DiscardAsync(CancellationToken cancellationToken) =>
        uploadId is null ? bucket.DeleteAsync(Name, cancellationToken) : bucket.AbortAsync(Name, uploadId, cancellationToken);
}
