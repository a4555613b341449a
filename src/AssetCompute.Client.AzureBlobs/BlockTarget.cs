namespace AssetCompute.Client.AzureBlobs;

/// <summary>A target of blocks: there is no blob before they are committed.</summary>
internal sealed class BlockTarget(AzureBlobsStorage storage, BlobCalls calls, string name, BlockIds ids, RenditionTarget target, string? contentType) : StorageTarget(storage, name, target)
{
    protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
    {
        Dictionary<string, long> uncommitted = await calls.GetUncommittedAsync(Name, cancellationToken).ConfigureAwait(false);
        string[] written = [.. Enumerable.Range(0, Target.Urls.Count).Select(part => ids[part]).Where(uncommitted.ContainsKey)];
        if (written.Length == 0)
        {
            // Committed by an earlier call whose answer was lost, or never written: then there is no blob.
            using StoredAsset stored = await calls.OpenAsync(Name, cancellationToken).ConfigureAwait(false);
            CheckSize(created, stored.Length);
            return;
        }

        if (written.Where((id, part) => id != ids[part]).Any())
        {
            throw new AssetStorageException($"The blocks of the rendition '{Name}' have gaps: {written.Length} were written. It is not complete; ask for it again with a new target.");
        }

        CheckSize(created, written.Sum(id => uncommitted[id]));
        await calls.PutBlockListAsync(Name, written, contentType ?? created.Metadata.Format, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>There is no way to remove blocks, and no need: what is not committed is no blob, costs little, and goes after a week.</summary>
    protected override Task DiscardAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
