namespace AssetCompute.Client;

/// <summary>A target that the service writes one rendition to, and the operation that creates an object from it.</summary>
/// <remarks>Not thread-safe: for one caller at a time.</remarks>
public abstract class StorageTarget
{
    private readonly IAssetStorage _storage;
    private bool _completed;
    private bool _aborted;

    /// <summary>Creates a target.</summary>
    /// <param name="storage">The storage that it belongs to.</param>
    /// <param name="name">The name that the rendition is stored under.</param>
    /// <param name="target">The URLs for the service.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name for a rendition, or another argument is null.</exception>
    protected StorageTarget(IAssetStorage storage, string name, RenditionTarget target)
    {
        ArgumentNullException.ThrowIfNull(storage);
        AssetStorageName.ThrowIfInvalidForTarget(name);
        ArgumentNullException.ThrowIfNull(target);
        _storage = storage;
        Name = name;
        Target = target;
    }

    /// <summary>The name that the rendition is stored under.</summary>
    public string Name { get; }

    /// <summary>The URLs, in the form of <see cref="Rendition.Target"/>.</summary>
    public RenditionTarget Target { get; }

    /// <summary>
    /// Creates one object from the written parts and checks its size. A rendition that is embedded in its event is written from the event. When the call
    /// returns, the object exists under <see cref="Name"/>. Further calls have no effect; after a failure the call can be repeated.
    /// </summary>
    /// <param name="created">The event of the rendition.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AssetStorageException">The storage refused, or the written bytes do not match the event.</exception>
    /// <exception cref="InvalidOperationException">The target was aborted.</exception>
    public async Task CompleteAsync(RenditionCreated created, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(created);
        if (_aborted)
        {
            throw new InvalidOperationException($"The target '{Name}' was aborted: its written data is discarded.");
        }

        if (_completed)
        {
            return;
        }

        if (created.Data is { } data)
        {
            // The URLs were not used, but may have an open upload.
            await DiscardAsync(cancellationToken).ConfigureAwait(false);
            using MemoryStream content = new(data.ToArray(), writable: false);
            await _storage.UploadAsync(Name, content, data.MimeType, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await CommitAsync(created, cancellationToken).ConfigureAwait(false);
        }

        _completed = true;
    }

    /// <summary>Discards everything that was written. Further calls, and calls after <see cref="CompleteAsync"/>, have no effect.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AssetStorageException">The storage refused; the call can be repeated.</exception>
    public async Task AbortAsync(CancellationToken cancellationToken = default)
    {
        if (_completed || _aborted)
        {
            return;
        }

        await DiscardAsync(cancellationToken).ConfigureAwait(false);
        _aborted = true;
    }

    /// <summary>Creates one object from everything that was written. An earlier call may have failed after the storage had completed it.</summary>
    /// <param name="created">The event of the rendition, which was written to the URLs.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    protected abstract Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken);

    /// <summary>Discards everything that was written. It may be called again.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    protected abstract Task DiscardAsync(CancellationToken cancellationToken);

    /// <summary>Checks the number of written bytes against the size in the event, if it has one.</summary>
    /// <param name="created">The event.</param>
    /// <param name="written">The number of bytes in the storage.</param>
    /// <exception cref="AssetStorageException">They differ.</exception>
    protected void CheckSize(RenditionCreated created, long written)
    {
        ArgumentNullException.ThrowIfNull(created);
        if (created.Metadata.Size is { } size && size != written)
        {
            throw new AssetStorageException($"The rendition '{Name}' has {size} bytes, but {written} bytes were written to its target. It is not complete; request it again with a new target.");
        }
    }
}
