namespace AssetCompute.Client;

/// <summary>
/// Renders local files: uploads the source, has it rendered, downloads the renditions, and leaves nothing in the storage. One file or thousands in one call.
/// </summary>
/// <remarks>Thread-safe. Bytes are streamed, so memory does not grow with the files.</remarks>
public interface IAssetRenderer
{
    /// <summary>Renders a file.</summary>
    /// <param name="path">The path of the source.</param>
    /// <param name="renditions">What to make, and the files to write; at least one.</param>
    /// <param name="options">How to render. Default: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call. What was uploaded is removed all the same, within <see cref="RenderOptions.CleanupTimeout"/>.</param>
    /// <returns>One result for each rendition. A rendition that failed, did not come in time or could not be downloaded is a result, not an exception.</returns>
    /// <exception cref="ArgumentException">
    /// An argument is null or breaks a rule; nothing was sent. Only a <see cref="FileRendition.ExpectedMaxSize"/> above what the storage accepts is found after the upload.
    /// </exception>
    /// <exception cref="InvalidProcessRequestException">A rendition breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="IOException">The source cannot be read, or the storage failed (<see cref="AssetStorageException"/>).</exception>
    /// <exception cref="UnauthorizedAccessException">The source is a folder, or may not be read; nothing was sent.</exception>
    /// <exception cref="AssetComputeException">The request was refused or failed, or the journal could not be read any more.</exception>
    Task<RenderResult> RenderAsync(string path, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Renders the bytes of a stream.</summary>
    /// <param name="source">The bytes of the source, read once to the end and left open.</param>
    /// <param name="name">The file name of the source, such as <c>photo.jpg</c>: its extension tells the service what it is.</param>
    /// <param name="renditions">What to make, and the files to write; at least one.</param>
    /// <param name="options">How to render. Default: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call. What was uploaded is removed all the same, within <see cref="RenderOptions.CleanupTimeout"/>.</param>
    /// <inheritdoc cref="RenderAsync(string, IReadOnlyList{FileRendition}, RenderOptions, CancellationToken)"/>
    Task<RenderResult> RenderAsync(Stream source, string name, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Renders many files, several at a time. Called again after an interruption, even after the process was killed, it continues: a finished output is not requested again, unless its source or its
    /// instructions have changed. <see cref="RenderPlan.Create"/> tells beforehand what would be sent.
    /// </summary>
    /// <param name="files">The files, for instance from <see cref="RenderFile.InFolder"/>.</param>
    /// <param name="options">How to render. Default: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One result for each file that was sent, as they finish. A file that failed is a result; the others go on. Finished files are left out.</returns>
    /// <exception cref="ArgumentException">An argument is null or breaks a rule, or two files have one output path; nothing was sent.</exception>
    /// <exception cref="InvalidProcessRequestException">A rendition breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="IOException">The state file cannot be used: another run holds it, for instance. Nothing was sent.</exception>
    IAsyncEnumerable<RenderManyResult> RenderManyAsync(IEnumerable<RenderFile> files, RenderManyOptions? options = null, CancellationToken cancellationToken = default);
}
