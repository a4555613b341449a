namespace AssetCompute.Client.AmazonS3;

/// <summary>A target of one URL: the object is there as soon as it is written.</summary>
internal sealed class SingleTarget(AmazonS3Storage storage, S3Calls calls, string name, string key, RenditionTarget target) : StorageTarget(storage, name, target)
{
    protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken) =>
        CheckSize(created, await calls.SizeOfAsync(Name, key, cancellationToken).ConfigureAwait(false));

    protected override Task DiscardAsync(CancellationToken cancellationToken) => calls.DeleteAsync(Name, key, cancellationToken);
}
