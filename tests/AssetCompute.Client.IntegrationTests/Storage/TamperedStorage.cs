namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>A real storage whose results a test can change.</summary>
internal sealed class TamperedStorage(IAssetStorage storage) : IAssetStorage
{
    /// <summary>Changes an opened object. The argument is the number of objects opened before.</summary>
    public Func<int, StoredAsset, StoredAsset> OnOpen { get; set; } = static (_, stored) => stored;

    public bool RefusesToDelete { get; set; }

    /// <summary>Whether the commit of a target succeeds but reports a failure.</summary>
    public bool LosesAnswersOfCommits { get; set; }

    /// <summary>Whether a target whose commit lost its answer cannot be aborted.</summary>
    public bool RefusesToAbort { get; set; }

    public TimeSpan LongestLifetime { get; set; } = TimeSpan.MaxValue;

    public int Opened { get; private set; }

    /// <summary>Called before a target is created.</summary>
    public Action<StorageTargetOptions> BeforeTarget { get; set; } = static _ => { };

    public Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default) =>
        storage.UploadAsync(name, content, contentType, cancellationToken);

    public async Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default) =>
        OnOpen(Opened++, await storage.OpenReadAsync(name, cancellationToken));

    public Task DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        RefusesToDelete ? throw new AssetStorageException("No.") : storage.DeleteAsync(name, cancellationToken);

    public Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default) => lifetime > LongestLifetime
        ? throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "Longer than this storage can sign for.")
        : storage.CreateReadUrlAsync(name, lifetime, cancellationToken);

    public async Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        BeforeTarget(options ?? new StorageTargetOptions());
        StorageTarget target = await storage.CreateTargetAsync(name, options, cancellationToken);
        return LosesAnswersOfCommits ? new LostAnswer(this, target) : target;
    }

    private sealed class LostAnswer(TamperedStorage storage, StorageTarget target) : StorageTarget(storage, target.Name, target.Target)
    {
        protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
        {
            await target.CompleteAsync(created, cancellationToken);
            throw new AssetStorageException("The answer was lost.");
        }

        protected override Task DiscardAsync(CancellationToken cancellationToken) =>
            storage.RefusesToAbort ? throw new AssetStorageException("No.") : target.AbortAsync(cancellationToken);
    }
}
