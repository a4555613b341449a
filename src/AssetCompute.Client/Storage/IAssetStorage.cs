namespace AssetCompute.Client;

/// <summary>
/// Storage for sources and renditions: gives the service pre-signed URLs, and the caller the bytes.
/// </summary>
/// <remarks>
/// A name is the path of an object: segments between slashes, none of them empty, <c>.</c> or <c>..</c>. Every method throws
/// <see cref="AssetStorageException"/> where the storage refuses or cannot be reached.
/// </remarks>
public interface IAssetStorage
{
    /// <summary>Stores an object from a stream, in place of one of the same name. It is there whole or not at all.</summary>
    /// <param name="name">The name.</param>
    /// <param name="content">The bytes, read to the end and left open. Never held in memory as a whole.</param>
    /// <param name="contentType">The MIME type. Default: <c>application/octet-stream</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
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

    /// <summary>Makes a URL from which the service can read an object. A local matter for most storages: nothing is sent.</summary>
    /// <param name="name">The name.</param>
    /// <param name="lifetime">How long the URL works. Default: what the storage's options say.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default);

    /// <summary>Makes a target to which the service can write a rendition.</summary>
    /// <param name="name">The name that the rendition is stored under.</param>
    /// <param name="options">How large it may become, and how long its URLs work; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The target. It is completed after <see cref="RenditionCreated"/>, and aborted after anything else.</returns>
    Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default);
}
