using System.Runtime.CompilerServices;
using AssetCompute.Client.Jobs;
using AssetCompute.Client.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client;

/// <summary>Renders local files in one call: uploads the source, requests its renditions, downloads them, and removes everything from the storage.</summary>
/// <param name="jobs">The jobs of an account, such as <c>AssetComputeClient.Jobs</c>.</param>
/// <param name="storage">The storage for sources and renditions.</param>
/// <param name="loggerFactory">Logs objects that could not be removed, and retries. Default: none.</param>
/// <param name="timeProvider">The clock. Default: the system clock.</param>
/// <exception cref="ArgumentNullException"><paramref name="jobs"/> or <paramref name="storage"/> is null.</exception>
/// <remarks>
/// Thread-safe. Bytes are streamed, so memory usage does not depend on the size of the files. In a container, <c>builder.AddStorage(…)</c> registers a
/// renderer.
/// </remarks>
public sealed class AssetRenderer(IRenditionJobs jobs, IAssetStorage storage, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null) : IAssetRenderer
{
    private readonly IRenditionJobs _jobs = jobs ?? throw new ArgumentNullException(nameof(jobs));
    private readonly IAssetStorage _storage = storage ?? throw new ArgumentNullException(nameof(storage));
    private readonly ILogger _logger = loggerFactory?.CreateLogger("AssetCompute.Client.Storage") ?? NullLogger.Instance;
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    /// <inheritdoc/>
    public Task<RenderResult> RenderAsync(string path, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default) =>
        RenderOneAsync(source: null, new RenderFile(path, renditions), options ?? new RenderOptions(), cancellationToken);

    /// <inheritdoc/>
    public Task<RenderResult> RenderAsync(Stream source, string name, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return RenderOneAsync(source, new RenderFile(name, renditions), options ?? new RenderOptions(), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RenderResult> RenderManyAsync(IEnumerable<RenderFile> files, RenderManyOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RenderManyOptions();
        return RunAsync(RenderPlan.CheckMany(files, options), options, cancellationToken);
    }

    private async IAsyncEnumerable<RenderResult> RunAsync(RenderFile[] files, RenderManyOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if ((options.StateFile ?? RenderState.DefaultPath(files)) is not { } path)
        {
            yield break;
        }

        using RenderState state = RenderState.Open(path);
        RenderPlan plan = RenderPlan.Make(files, options, state);
        RenderTotals totals = new(plan.Files.Count, options.Progress);
        RenditionDownload.DeleteLeftOver(plan.Files.SelectMany(static file => file.Renditions).Select(static rendition => rendition.Path));

        // A caller that takes the results slowly slows down the files, which limits the memory.
        IAsyncEnumerable<RenderResult> results = JobBatch.RunAsync(JobBatch.Sequence(plan.Files), options.MaxParallel, RenderNextAsync, cancellationToken);
        await foreach (RenderResult result in results.ConfigureAwait(false))
        {
            yield return result;
        }

        async Task<RenderResult> RenderNextAsync(RenderFile file, CancellationToken token)
        {
            RenderResult result;
            try
            {
                state.Begin(file, options);
                result = await RenderAsync(source: null, file, options, totals, token).ConfigureAwait(false);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                // The other files continue.
                result = new RenderResult { RequestId = "", Source = file.Path, Files = [.. file.Renditions.Select(rendition => new RenderedFile { Requested = rendition, Error = exception })] };
            }

            totals.Finish(file, result.Succeeded);
            return result;
        }
    }

    private Task<RenderResult> RenderOneAsync(Stream? source, RenderFile file, RenderOptions options, CancellationToken cancellationToken)
    {
        RenderPlan.Check([file], options, "renditions");
        return RenderAsync(source, file, options, new RenderTotals(1, options.Progress), cancellationToken);
    }

    // If there is no stream, the bytes are those of the file.
    private async Task<RenderResult> RenderAsync(Stream? source, RenderFile file, RenderOptions options, RenderTotals totals, CancellationToken cancellationToken)
    {
        using FileStream? opened = source is null ? new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true) : null;
        RenderRun run = new(_jobs, _storage, options, totals, file, _logger, _timeProvider);
        return await run.RunAsync(source ?? opened!, nameof(options), cancellationToken).ConfigureAwait(false);
    }
}
