namespace AssetCompute.Client;

/// <summary>A place that the service writes one rendition to, and what makes an object of it.</summary>
public abstract class StorageTarget
{
    /// <summary>A target.</summary>
    /// <param name="name">The name that the rendition is stored under.</param>
    /// <param name="target">The URLs, as the service gets them.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty, or <paramref name="target"/> null.</exception>
    protected StorageTarget(string name, RenditionTarget target)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(target);
        Name = name;
        Target = target;
    }

    /// <summary>The name that the rendition is stored under.</summary>
    public string Name { get; }

    /// <summary>The URLs, as <see cref="Rendition.Target"/> takes them.</summary>
    public RenditionTarget Target { get; }

    /// <summary>Makes the parts that were written one object. Called again, it does nothing more.</summary>
    /// <param name="created">The event of the rendition.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AssetStorageException">The storage refused, or what was written is not what the event says.</exception>
    public abstract Task CompleteAsync(RenditionCreated created, CancellationToken cancellationToken = default);

    /// <summary>Throws away what was written. Called again, or after <see cref="CompleteAsync"/>, it does nothing.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract Task AbortAsync(CancellationToken cancellationToken = default);
}
