namespace AssetCompute.Client;

/// <summary>Storage for sources and renditions. Creates pre-signed URLs for the service, and transfers bytes for the caller.</summary>
/// <remarks>
/// A name is the path of an object, as <see cref="AssetStorageName"/> describes it; any other name causes an <see cref="ArgumentException"/>. Every method
/// throws <see cref="AssetStorageException"/> if the storage refuses the call or cannot be reached. Thread-safe.
/// </remarks>
public interface IAssetStorage
{
    /// <summary>Stores an object from a stream, and replaces an object with the same name. A partial object never becomes visible.</summary>
    /// <param name="name">The name.</param>
    /// <param name="content">The bytes, read once from the current position to the end, and left open. The stream does not have to support seeking or have a
    /// known
    /// length, and is never buffered completely in memory.</param>
    /// <param name="contentType">The MIME type. Default: <c>application/octet-stream</c>.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is stored then.</param>
    Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default);

    /// <summary>Opens an object for reading.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Cancels the call, but not reads of the stream.</param>
    /// <returns>The bytes, as a stream with a known length. The caller disposes it.</returns>
    /// <exception cref="AssetStorageException">There is no such object (<see cref="AssetStorageException.IsNotFound"/>), or the storage failed.</exception>
    Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes an object. Has no effect if the object does not exist.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a URL that the service can read an object from. The object does not have to exist yet. Each call creates a new URL, which can replace an
    /// expired one.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="lifetime">How long the URL is valid; over zero. Default: the value in the options of the storage.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is not over zero, or longer than the storage can sign for.</exception>
    Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default);

    /// <summary>Creates a target that the service can write a rendition to.</summary>
    /// <param name="name">The name that the rendition is stored under. Use a different name for each rendition: an object with the same name is
    /// replaced.</param>
    /// <param name="options">The maximum size, and the lifetime of the URLs; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The target. Complete it after <see cref="RenditionCreated"/>, and abort it in all other cases.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of the range that the storage allows.</exception>
    Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default);
}
