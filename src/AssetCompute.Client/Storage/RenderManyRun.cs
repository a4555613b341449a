using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Jobs;

namespace AssetCompute.Client.Storage;

/// <summary>One call of <see cref="IAssetRenderer.RenderManyAsync"/>.</summary>
internal sealed class RenderManyRun(
    IReadOnlyList<RenderFile> files, RenderManyOptions options, Func<RenderFile, IProgress<RenderProgress>, CancellationToken, Task<RenderResult>> renderAsync)
{
    private readonly ConcurrentDictionary<string, double> _running = new(StringComparer.Ordinal);
    private int _total;
    private int _succeeded;
    private int _failed;

    public async IAsyncEnumerable<RenderManyResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if ((options.StateFile ?? RenderState.DefaultPath(files)) is not { } path)
        {
            yield break;
        }

        using RenderState state = RenderState.Open(path);
        RenderPlan plan = RenderPlan.Make(files, options, state);
        _total = plan.Files.Count;
        TemporaryFile.DeleteLeftOver(plan.Files.SelectMany(static file => file.Renditions).Select(static rendition => rendition.Path));

        // A caller that takes the results slowly slows down the files, which limits the memory.
        IAsyncEnumerable<RenderManyResult> results = JobBatch.RunAsync(JobBatch.Sequence(plan.Files), options.MaxParallel, (file, token) => RenderAsync(file, state, token), cancellationToken);
        await foreach (RenderManyResult result in results.ConfigureAwait(false))
        {
            yield return result;
        }
    }

    private async Task<RenderManyResult> RenderAsync(RenderFile file, RenderState state, CancellationToken cancellationToken)
    {
        RenderManyResult result;
        try
        {
            state.Begin(file, options.Render);
            result = new RenderManyResult { File = file, Result = await renderAsync(file, new FileProgress(this, file), cancellationToken).ConfigureAwait(false) };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The other files continue.
            result = new RenderManyResult { File = file, Error = exception };
        }

        _running.TryRemove(file.Path, out _);
        Interlocked.Increment(ref result.Succeeded ? ref _succeeded : ref _failed);
        Report(file, progress: null);
        return result;
    }

    private void Report(RenderFile file, RenderProgress? progress)
    {
        if (progress is not null)
        {
            options.Render.Progress?.Report(progress);
            _running[file.Path] = progress.Fraction;
        }

        int succeeded = Volatile.Read(ref _succeeded);
        int failed = Volatile.Read(ref _failed);
        options.Progress?.Report(new RenderManyProgress
        {
            Path = file.Path,
            File = progress,
            Total = _total,
            Succeeded = succeeded,
            Failed = failed,
            Fraction = Math.Min(1, (succeeded + failed + _running.Values.Sum()) / _total),
        });
    }

    private sealed class FileProgress(RenderManyRun run, RenderFile file) : IProgress<RenderProgress>
    {
        public void Report(RenderProgress value) => run.Report(file, value);
    }
}
