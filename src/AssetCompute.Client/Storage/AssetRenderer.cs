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
        RenderFile file = new(path, renditions);
        options ??= new RenderOptions();
        RenderPlan.Check([file], options, nameof(renditions));
        return await RenderAsync(file, options, progress => options.Progress?.Report(progress), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<RenderResult> RenderAsync(Stream source, string name, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        RenderFile file = new(name, renditions);
        options ??= new RenderOptions();
        RenderPlan.Check([file], options, nameof(renditions));
        return await RenderAsync(source, file, options, progress => options.Progress?.Report(progress), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RenderResult> RenderManyAsync(IEnumerable<RenderFile> files, RenderManyOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RenderManyOptions();
        RenderFile[] all = RenderPlan.CheckMany(files, options);
        return new RenderManyRun(all, options, (file, report, token) => RenderAsync(file, options.Render, report, token)).RunAsync(cancellationToken);
    }

    private async Task<RenderResult> RenderAsync(RenderFile file, RenderOptions options, Action<RenderProgress> report, CancellationToken cancellationToken)
    {
        using FileStream source = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        return await RenderAsync(source, file, options, report, cancellationToken).ConfigureAwait(false);
    }

    private Task<RenderResult> RenderAsync(Stream source, RenderFile file, RenderOptions options, Action<RenderProgress> report, CancellationToken cancellationToken) =>
        new RenderRun(_jobs, _storage, options, report, file, _logger, _timeProvider).RunAsync(source, nameof(options), cancellationToken);
}
