using System.Globalization;
using AssetCompute.Client.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client;

/// <summary>
/// Renders local files in one call: uploads the source, requests its renditions, downloads them, and removes everything from the storage.
/// </summary>
/// <remarks>Thread-safe. Bytes are streamed, so memory usage does not depend on the size of the files.</remarks>
public sealed class AssetRenderer : IAssetRenderer
{
    private static readonly Uri s_anyUrl = new("https://storage.invalid/");

    private readonly IRenditionJobs _jobs;
    private readonly IAssetStorage _storage;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a renderer. In a container, <c>builder.AddStorage(…)</c> registers one.</summary>
    /// <param name="jobs">The jobs of an account, such as <c>AssetComputeClient.Jobs</c>.</param>
    /// <param name="storage">The storage for sources and renditions.</param>
    /// <param name="loggerFactory">Logs objects that could not be removed, and retries. Default: none.</param>
    /// <param name="timeProvider">The clock. Default: the system clock.</param>
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

    /// <inheritdoc/>
    public async Task<RenderResult> RenderAsync(string path, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new RenderOptions();
        Check(Path.GetFileName(path), renditions, options);
        return await RenderAsync(path, renditions, options, options.Progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<RenderResult> RenderAsync(Stream source, string name, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new RenderOptions();
        Check(name, renditions, options);
        return await RunAsync(source, name, renditions, options, options.Progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RenderManyResult> RenderManyAsync(IEnumerable<RenderFile> files, RenderManyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        options ??= new RenderManyOptions();
        options.Validate(nameof(options));
        RenderFile[] all = [.. files];
        RenderPlan.Check(all, options.Render);
        return new RenderManyRun(all, options, (file, progress, token) => RenderAsync(file.Path, file.Renditions, options.Render, progress, token)).RunAsync(cancellationToken);
    }

    internal static void Check(string name, IReadOnlyList<FileRendition> renditions, RenderOptions options)
    {
        options.Validate(nameof(options));
        ArgumentNullException.ThrowIfNull(renditions);
        if (renditions.Count == 0 || renditions.Any(static rendition => rendition is null))
        {
            throw new ArgumentException($"There must be at least one rendition of '{name}', and none may be null.", nameof(renditions));
        }

        HashSet<string> paths = new(StringComparer.Ordinal);
        if (renditions.FirstOrDefault(rendition => !paths.Add(Path.GetFullPath(rendition.Path))) is { } twice)
        {
            throw new ArgumentException($"Two renditions of '{name}' have the same path: '{twice.Path}'.", nameof(renditions));
        }

        if (renditions.FirstOrDefault(static rendition => rendition.ExpectedMaxSize <= 0) is { } sizeless)
        {
            throw new ArgumentOutOfRangeException(nameof(renditions), sizeless.ExpectedMaxSize, $"{nameof(FileRendition)}.{nameof(FileRendition.ExpectedMaxSize)} must be over 0: {sizeless.Path}");
        }

        // The request is checked again before it is sent, but a mistake in it should be reported before a long upload.
        ProcessRequestValidator.Validate(new ProcessRequest
        {
            Source = new AssetSource { Url = s_anyUrl.OriginalString, Name = name, MimeType = options.SourceMimeType },
            UserData = options.UserData,
            Renditions = [.. renditions.Select(static (rendition, index) => rendition.Rendition with { Target = new Uri(s_anyUrl, index.ToString(CultureInfo.InvariantCulture)) })],
        });
    }

    private async Task<RenderResult> RenderAsync(string path, IReadOnlyList<FileRendition> renditions, RenderOptions options, IProgress<RenderProgress>? progress, CancellationToken cancellationToken)
    {
        using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        return await RunAsync(source, path, renditions, options, progress, cancellationToken).ConfigureAwait(false);
    }

    private Task<RenderResult> RunAsync(Stream content, string source, IReadOnlyList<FileRendition> renditions, RenderOptions options, IProgress<RenderProgress>? progress, CancellationToken cancellationToken) =>
        new RenderRun(_jobs, _storage, options, progress, source, renditions, _logger, _timeProvider).RunAsync(content, nameof(options), cancellationToken);
}
