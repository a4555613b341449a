using System.Threading.Channels;

namespace AssetCompute.Emulator;

/// <summary>
/// The renditions that wait, and the workers that make them: as many at once as the options allow, all of them awaited when the
/// queue is disposed.
/// </summary>
internal sealed class JobQueue : IAsyncDisposable
{
    private readonly Channel<RenditionTask> _waiting = Channel.CreateUnbounded<RenditionTask>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RenditionRunner _runner;
    private readonly Downloader _downloader;
    private readonly IStateLog _log;
    private readonly Task[] _workers;

    public JobQueue(RenditionRunner runner, Downloader downloader, IStateLog log, int workers)
    {
        _runner = runner;
        _downloader = downloader;
        _log = log;
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    public event Action<Job>? Changed;

    /// <summary>Takes a job over: from here on it is finished even if the emulator is killed in between.</summary>
    public void Accept(Job job)
    {
        _log.Accepted(job);
        Enqueue(job);
    }

    /// <summary>Takes a job up again that an earlier run of the emulator had accepted.</summary>
    public void Resume(Job job) => Enqueue(job);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
        while (_waiting.Reader.TryRead(out var left))
        {
            left.Job.Workspace?.Dispose();
        }

        _stopping.Dispose();
    }

    private void Enqueue(Job job)
    {
        job.Workspace = new JobWorkspace(job, _downloader, _stopping.Token);
        Changed?.Invoke(job);
        foreach (var rendition in job.Renditions)
        {
            _waiting.Writer.TryWrite(rendition);
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var rendition in _waiting.Reader.ReadAllAsync(_stopping.Token))
            {
                rendition.State = RenditionState.Working;
                Changed?.Invoke(rendition.Job);
                await _runner.RunAsync(rendition, _stopping.Token);
                if (rendition.Job.CountDown())
                {
                    rendition.Job.Workspace!.Dispose();
                    _log.Finished(rendition.Job);
                }

                Changed?.Invoke(rendition.Job);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator stops; with a data folder, what is left is taken up again at the next start.
        }
    }
}
