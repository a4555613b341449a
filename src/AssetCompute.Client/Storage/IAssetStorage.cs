namespace AssetCompute.Client;

/// <summary>
/// Storage for sources and renditions: gives the service pre-signed URLs, and the caller the bytes.
/// </summary>
/// <remarks>
/// A name is the path of an object, as <see cref="AssetStorageName"/> describes it; anything else is an <see cref="ArgumentException"/>. Every method
/// throws <see cref="AssetStorageException"/> where the storage refuses or cannot be reached. Thread-safe.
/// </remarks>
public interface IAssetStorage
{
    /// <summary>Stores an object from a stream, in place of one of the same name. It is there whole or not at all.</summary>
    /// <param name="name">The name.</param>
    /// <param name="content">The bytes, read once from where the stream stands to its end, and left open. It need neither seek nor know its length, and is never held in memory as a whole.</param>
    /// <param name="contentType">The MIME type. Default: <c>application/octet-stream</c>.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is stored then.</param>
    Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default);

    /// <summary>Opens an object for reading.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Cancels the call, not the reading of the stream.</param>
    /// <returns>The bytes as they come; whoever asked disposes it. Its length is known.</returns>
    /// <exception cref="AssetStorageException">There is no such object (<see cref="AssetStorageException.IsNotFound"/>), or the storage failed.</exception>
    Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes an object; one that is not there is removed already.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a URL from which the service can read an object, which need not exist yet. Each call makes a new one: that is how to replace one that
    /// has expired.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="lifetime">How long the URL works; over zero. Default: what the storage's options say.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is not over zero, or longer than the storage can sign for.</exception>
    Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default);

    /// <summary>Makes a target to which the service can write a rendition.</summary>
    /// <param name="name">The name that the rendition is stored under. Give each rendition a name of its own: an object of the same name is replaced.</param>
    /// <param name="options">How large it may become, and how long its URLs work; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The target. It is completed after <see cref="RenditionCreated"/>, and aborted after anything else.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of the range that the storage allows.</exception>
    Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default);
}
