namespace AssetCompute.Client;

/// <summary>A place that the service writes one rendition to, and what makes an object of it.</summary>
/// <remarks>Used by one caller at a time.</remarks>
public abstract class StorageTarget
{
    private readonly IAssetStorage _storage;
    private bool _completed;
    private bool _aborted;

    /// <summary>A target.</summary>
    /// <param name="storage">The storage that it belongs to.</param>
    /// <param name="name">The name that the rendition is stored under.</param>
    /// <param name="target">The URLs, as the service gets them.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no name for a rendition, or another argument is null.</exception>
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

    /// <summary>The URLs, as <see cref="Rendition.Target"/> takes them.</summary>
    public RenditionTarget Target { get; }

    /// <summary>
    /// Makes what was written one object and checks its size; a rendition that came inside its event is written from there. After that the object is
    /// there under <see cref="Name"/>. Called again, it does nothing more; after a failure it can be called again.
    /// </summary>
    /// <param name="created">The event of the rendition.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AssetStorageException">The storage refused, or what was written is not what the event says.</exception>
    /// <exception cref="InvalidOperationException">The target was aborted.</exception>
    public async Task CompleteAsync(RenditionCreated created, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(created);
        if (_aborted)
        {
            throw new InvalidOperationException($"The target '{Name}' was aborted: what was written is thrown away.");
        }

        if (_completed)
        {
            return;
        }

        if (created.Data is { } data)
        {
            // The URLs were not used, but may hold something open.
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

    /// <summary>Throws away what was written. Called again, or after <see cref="CompleteAsync"/>, it does nothing.</summary>
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

    /// <summary>Makes what was written one object. It may have been called before and have failed after the storage had done it.</summary>
    /// <param name="created">The event of the rendition, which was written to the URLs.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    protected abstract Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken);

    /// <summary>Throws away what was written. It may be called again.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    protected abstract Task DiscardAsync(CancellationToken cancellationToken);

    /// <summary>Checks what was written against the size that the event names, where it names one.</summary>
    /// <param name="created">The event.</param>
    /// <param name="written">How many bytes the storage holds.</param>
    /// <exception cref="AssetStorageException">They differ.</exception>
    protected void CheckSize(RenditionCreated created, long written)
    {
        ArgumentNullException.ThrowIfNull(created);
        if (created.Metadata.Size is { } size && size != written)
        {
            throw new AssetStorageException($"The rendition '{Name}' has {size} bytes, but {written} bytes were written to its target. It is not complete; ask for it again with a new target.");
        }
    }
}
