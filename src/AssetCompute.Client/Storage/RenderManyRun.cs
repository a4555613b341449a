using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

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

        // A caller who is slow to take the results slows the files down, and so memory is bounded.
        Channel<RenderManyResult> results = Channel.CreateBounded<RenderManyResult>(options.MaxParallel);
        ConcurrentQueue<RenderFile> queue = new(plan.Files);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task workers = CompleteAsync(Enumerable.Range(0, Math.Min(options.MaxParallel, plan.Files.Count)).Select(_ => WorkAsync(queue, state, results.Writer, stop.Token)), results.Writer);
        try
        {
            while (await results.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (results.Reader.TryRead(out RenderManyResult? result))
                {
                    yield return result;
                }
            }
        }
        finally
        {
            // Also where the caller stops early: what was uploaded is removed before this returns.
            stop.Cancel();
            await workers.ConfigureAwait(false);
        }
    }

    private static async Task CompleteAsync(IEnumerable<Task> workers, ChannelWriter<RenderManyResult> results)
    {
        try
        {
            await Task.WhenAll(workers).ConfigureAwait(false);
            results.Complete();
        }
        catch (Exception exception)
        {
            results.Complete(exception);
        }
    }

    private async Task WorkAsync(ConcurrentQueue<RenderFile> queue, RenderState state, ChannelWriter<RenderManyResult> results, CancellationToken cancellationToken)
    {
        while (queue.TryDequeue(out RenderFile? file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RenderManyResult result = await RenderAsync(file, state, cancellationToken).ConfigureAwait(false);
            _running.TryRemove(file.Path, out _);
            Interlocked.Increment(ref result.Succeeded ? ref _succeeded : ref _failed);
            Report(file, progress: null);
            await results.WriteAsync(result, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<RenderManyResult> RenderAsync(RenderFile file, RenderState state, CancellationToken cancellationToken)
    {
        try
        {
            state.Begin(file, options.Render);
            return new RenderManyResult { File = file, Result = await renderAsync(file, new FileProgress(this, file), cancellationToken).ConfigureAwait(false) };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The other files go on.
            return new RenderManyResult { File = file, Error = exception };
        }
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
