using System.Globalization;
using AssetCompute.Client.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client;

/// <summary>
/// Renders local files in one call: uploads the source, has it rendered, downloads the renditions, and leaves nothing in the storage.
/// </summary>
/// <remarks>Thread-safe; bytes go through it as streams, so memory does not grow with the files.</remarks>
public sealed class AssetRenderer
{
    private static readonly Uri s_anyUrl = new("https://storage.invalid/");

    private readonly IRenditionJobs _jobs;
    private readonly IAssetStorage _storage;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;

    /// <summary>A renderer. In a container <c>builder.AddStorage(…)</c> and its kin register one.</summary>
    /// <param name="jobs">The jobs of an account, such as <c>AssetComputeClient.Jobs</c>.</param>
    /// <param name="storage">Where sources and renditions lie in between.</param>
    /// <param name="loggerFactory">For what could not be removed, and what was tried again. Default: nobody is told.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="jobs"/> or <paramref name="storage"/> is null.</exception>
    public AssetRenderer(IRenditionJobs jobs, IAssetStorage storage, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(storage);
        _jobs = jobs;
        _storage = storage;
        _logger = loggerFactory?.CreateLogger(RenderLog.Category) ?? NullLogger.Instance;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Renders a file.</summary>
    /// <param name="path">The path of the source.</param>
    /// <param name="renditions">What to make, and the files to write; one at least.</param>
    /// <param name="options">How to render; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call. What was uploaded is removed all the same, within <see cref="RenderOptions.CleanupTimeout"/>.</param>
    /// <returns>One result for each rendition. A rendition that failed, did not come in time or could not be downloaded is a result, not an exception.</returns>
    /// <exception cref="ArgumentException">
    /// An argument is null or breaks a rule; nothing was sent. Only a <see cref="FileRendition.ExpectedMaxSize"/> above what the storage takes is told after the upload.
    /// </exception>
    /// <exception cref="InvalidProcessRequestException">A rendition breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="IOException">The source cannot be read, or the storage failed (<see cref="AssetStorageException"/>).</exception>
    /// <exception cref="UnauthorizedAccessException">The source is a folder, or its reading is not permitted; nothing was sent.</exception>
    /// <exception cref="AssetComputeException">The request was refused or failed, or the journal could not be read any more.</exception>
    public async Task<RenderResult> RenderAsync(string path, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new RenderOptions();
        Check(Path.GetFileName(path), renditions, options);
        using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        return await RenderAsync(source, Path.GetFileName(path), renditions, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Renders what a stream brings.</summary>
    /// <param name="source">The bytes of the source, read once to their end and left open.</param>
    /// <param name="name">The file name of the source, such as <c>photo.jpg</c>: its extension tells the service what it is.</param>
    /// <param name="renditions">What to make, and the files to write; one at least.</param>
    /// <param name="options">How to render; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call. What was uploaded is removed all the same, within <see cref="RenderOptions.CleanupTimeout"/>.</param>
    /// <returns>One result for each rendition. A rendition that failed, did not come in time or could not be downloaded is a result, not an exception.</returns>
    /// <exception cref="ArgumentException">
    /// An argument is null or breaks a rule; nothing was sent. Only a <see cref="FileRendition.ExpectedMaxSize"/> above what the storage takes is told after the upload.
    /// </exception>
    /// <exception cref="InvalidProcessRequestException">A rendition breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="IOException">The source cannot be read, or the storage failed (<see cref="AssetStorageException"/>).</exception>
    /// <exception cref="AssetComputeException">The request was refused or failed, or the journal could not be read any more.</exception>
    public async Task<RenderResult> RenderAsync(Stream source, string name, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new RenderOptions();
        Check(name, renditions, options);
        RenderRun run = new(_jobs, _storage, options, name, renditions, _logger, _timeProvider);
        try
        {
            await run.CheckLifetimeAsync(nameof(options), cancellationToken).ConfigureAwait(false);
            await run.UploadAsync(source, cancellationToken).ConfigureAwait(false);
            await run.RequestAsync(cancellationToken).ConfigureAwait(false);
            await run.DownloadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await run.CleanUpAsync().ConfigureAwait(false);
        }

        return run.ToResult();
    }

    private static void Check(string name, IReadOnlyList<FileRendition> renditions, RenderOptions options)
    {
        options.Validate(nameof(options));
        ArgumentNullException.ThrowIfNull(renditions);
        if (renditions.Count == 0 || renditions.Any(static rendition => rendition is null))
        {
            throw new ArgumentException("There must be one rendition or more, and none of them null.", nameof(renditions));
        }

        if (renditions.Select(static rendition => Path.GetFullPath(rendition.Path)).Distinct(StringComparer.Ordinal).Count() < renditions.Count)
        {
            throw new ArgumentException("Two renditions have the same path.", nameof(renditions));
        }

        if (renditions.FirstOrDefault(static rendition => rendition.ExpectedMaxSize <= 0) is { } sizeless)
        {
            throw new ArgumentOutOfRangeException(nameof(renditions), sizeless.ExpectedMaxSize, $"{nameof(FileRendition)}.{nameof(FileRendition.ExpectedMaxSize)} must be over 0: {sizeless.Path}");
        }

        // The request is checked again before it is sent; a mistake in it should not show only after a long upload.
        ProcessRequestValidator.Validate(new ProcessRequest
        {
            Source = new AssetSource { Url = s_anyUrl.OriginalString, Name = name, MimeType = options.SourceMimeType },
            UserData = options.UserData,
            Renditions = [.. renditions.Select(static (rendition, index) => rendition.Rendition with { Target = new Uri(s_anyUrl, index.ToString(CultureInfo.InvariantCulture)) })],
        });
    }
}
