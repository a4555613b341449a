namespace AssetCompute.Client;

/// <summary>
/// Renders local files, one or thousands in one call: uploads the source, requests its renditions, downloads them, and removes everything from the storage.
/// </summary>
/// <remarks>Thread-safe. Bytes are streamed, so memory usage does not depend on the size of the files.</remarks>
public interface IAssetRenderer
{
    /// <summary>Renders a file.</summary>
    /// <param name="path">The path of the source.</param>
    /// <param name="renditions">The renditions to create, and the files to write; at least one.</param>
    /// <param name="options">How to render. Default: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call. Uploaded objects are still removed, for up to 30 seconds.</param>
    /// <returns>One result for each rendition. A rendition that failed, timed out or could not be downloaded is a result, not an exception.</returns>
    /// <exception cref="ArgumentException">
    /// An argument is null or breaks a rule; nothing was sent. Only a <see cref="FileRendition.ExpectedMaxSize"/> above the maximum of the storage is
    /// detected after the upload.
    /// </exception>
    /// <exception cref="InvalidProcessRequestException">A rendition breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="IOException">The source cannot be read, or the storage failed (<see cref="AssetStorageException"/>).</exception>
    /// <exception cref="UnauthorizedAccessException">The source is a folder, or access to it is denied; nothing was sent.</exception>
    /// <exception cref="AssetComputeException">The request was refused or failed, or the journal can no longer be read.</exception>
    Task<RenderResult> RenderAsync(string path, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Renders the bytes of a stream.</summary>
    /// <param name="source">The bytes of the source, read once to the end and left open.</param>
    /// <param name="name">The file name of the source, such as <c>photo.jpg</c>. The service uses its extension to determine the format.</param>
    /// <param name="renditions">The renditions to create, and the files to write; at least one.</param>
    /// <param name="options">How to render. Default: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call. Uploaded objects are still removed, for up to 30 seconds.</param>
    /// <inheritdoc cref="RenderAsync(string, IReadOnlyList{FileRendition}, RenderOptions, CancellationToken)"/>
    Task<RenderResult> RenderAsync(Stream source, string name, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Renders many files, several at a time. When called again after an interruption or a crash, it continues: a finished output is not requested again,
    /// unless its source or its instructions have changed. <see cref="RenderPlan.Create"/> returns in advance what would be sent.
    /// </summary>
    /// <param name="files">The files, for example from <see cref="RenderFile.InFolder"/>.</param>
    /// <param name="options">How to render. Default: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// One result for each sent file, as they finish, with the renditions that were not finished before. A failed file is a result, with the same
    /// <see cref="RenderedFile.Error"/> for each rendition; the others continue.
    /// </returns>
    /// <exception cref="ArgumentException">An argument is null or breaks a rule, or two files have the same output path; nothing was sent.</exception>
    /// <exception cref="InvalidProcessRequestException">A rendition breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="IOException">The state file cannot be used, for example because another run uses it. Nothing was sent.</exception>
    IAsyncEnumerable<RenderResult> RenderManyAsync(IEnumerable<RenderFile> files, RenderManyOptions? options = null, CancellationToken cancellationToken = default);
}
