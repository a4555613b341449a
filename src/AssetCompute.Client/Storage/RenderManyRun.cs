using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Jobs;

namespace AssetCompute.Client.Storage;

/// <summary>One call of <see cref="IAssetRenderer.RenderManyAsync"/>.</summary>
internal sealed class RenderManyRun(
    IReadOnlyList<RenderFile> files, RenderManyOptions options, Func<RenderFile, Action<RenderProgress>, CancellationToken, Task<RenderResult>> renderAsync)
{
    private readonly ConcurrentDictionary<RenderFile, double> _running = new();
    private int _total;
    private int _succeeded;
    private int _failed;

    public async IAsyncEnumerable<RenderResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
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
        IAsyncEnumerable<RenderResult> results = JobBatch.RunAsync(JobBatch.Sequence(plan.Files), options.MaxParallel, (file, token) => RenderAsync(file, state, token), cancellationToken);
        await foreach (RenderResult result in results.ConfigureAwait(false))
        {
            yield return result;
        }
    }

    private async Task<RenderResult> RenderAsync(RenderFile file, RenderState state, CancellationToken cancellationToken)
    {
        RenderResult result;
        try
        {
            state.Begin(file, options.Render);
            result = await renderAsync(file, progress => Report(file, progress), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The other files continue.
            result = new RenderResult { RequestId = "", Source = file.Path, Files = [.. file.Renditions.Select(rendition => new RenderedFile { Requested = rendition, Error = exception })] };
        }

        _running.TryRemove(file, out _);
        Interlocked.Increment(ref result.Succeeded ? ref _succeeded : ref _failed);
        Report(file, progress: null);
        return result;
    }

    private void Report(RenderFile file, RenderProgress? progress)
    {
        if (progress is not null)
        {
            options.Render.Progress?.Report(progress);
            _running[file] = progress.Fraction;
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
}
