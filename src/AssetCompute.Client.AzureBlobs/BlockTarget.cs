namespace AssetCompute.Client.AzureBlobs;

/// <summary>A target of blocks. The blob does not exist before they are committed.</summary>
internal sealed class BlockTarget(AzureBlobsStorage storage, string name, string[] blocks, RenditionTarget target, string? contentType) : StorageTarget(storage, name, target)
{
    protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
    {
        Dictionary<string, long> uncommitted = await storage.GetUncommittedAsync(Name, cancellationToken).ConfigureAwait(false);
        string[] written = [.. blocks.Where(uncommitted.ContainsKey)];
        if (written.Length == 0)
        {
            // Committed by an earlier call whose answer was lost. Without a blob, the list of blocks was an error already.
            using StoredAsset stored = await storage.OpenReadAsync(Name, cancellationToken).ConfigureAwait(false);
            CheckSize(created, stored.Length);
            return;
        }

        if (!written.AsSpan().SequenceEqual(blocks.AsSpan(0, written.Length)))
        {
            throw new AssetStorageException($"The blocks of the rendition '{Name}' have gaps: {written.Length} were written. It is not complete; request it again with a new target.");
        }

        CheckSize(created, written.Sum(block => uncommitted[block]));
        await storage.CommitAsync(Name, written, contentType ?? created.Metadata.Format, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does nothing: blocks cannot be deleted. Without a commit there is no blob, and Azure removes the blocks after a week.</summary>
    protected override Task DiscardAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
