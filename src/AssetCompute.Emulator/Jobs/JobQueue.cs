using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace AssetCompute.Emulator;

/// <summary>The queue of renditions and its workers. The options limit how many renditions are made at once. Disposing the queue waits for all workers.</summary>
internal sealed class JobQueue : IAsyncDisposable
{
    private const string Kind = "job";

    private readonly Channel<RenditionTask> _waiting = Channel.CreateUnbounded<RenditionTask>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RenditionRunner _runner;
    private readonly Downloader _downloader;
    private readonly StateLog _log;
    private readonly KeptFiles _kept;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Job, (JobWorkspace Workspace, CancellationTokenSource Ending)> _open = [];
    private readonly Task[] _workers;

    public JobQueue(RenditionRunner runner, Downloader downloader, StateLog log, KeptFiles kept, AssetComputeEmulatorOptions options)
    {
        History = new(options.JobCapacity);
        History.Forgot += kept.Remove;
        _kept = kept;
        _clock = options.TimeProvider;
        _runner = runner;
        _downloader = downloader;
        _log = log;
        _workers = [.. Enumerable.Range(0, options.Rendering.MaxConcurrency).Select(_ => Task.Run(WorkAsync))];
    }

    public event Action<Job>? Changed;

    /// <summary>Returns the jobs that an earlier run of the emulator accepted and did not finish.</summary>
    public static IReadOnlyList<Job> Unfinished(StateLog log) => [.. log.Read(Kind, (key, json) =>
    {
        var job = JsonSerializer.Deserialize(json, StateJson.Default.AcceptedJob)!;
        return new Job(job.ClientId, job.RequestId, job.Request, job.AcceptedAt) { Id = Guid.Parse(key), RequestBytes = json.Length };
    }).OrderBy(static job => job.AcceptedAt)];

    /// <summary>Accepts a job. From here on, it is finished even if the emulator is killed in between.</summary>
    public void Accept(Job job)
    {
        var accepted = new AcceptedJob(job.ClientId, job.RequestId, job.AcceptedAt, job.Request);
        _log.Save(Kind, job.Id.ToString("D"), JsonSerializer.SerializeToUtf8Bytes(accepted, StateJson.Default.AcceptedJob));
        Enqueue(job);
    }

    /// <summary>Resumes a job that an earlier run of the emulator accepted.</summary>
    public void Resume(Job job) => Enqueue(job);

    /// <summary>The history of jobs for the page.</summary>
    public JobHistory History { get; }

    /// <summary>Processes a custom worker's event about a rendition.</summary>
    public async Task ReceivedAsync(JsonObject @event, byte[] json, CancellationToken cancellationToken)
    {
        // Chooses the best match, and among equal matches one without an event. If the best match has an event, the worker has sent it again.
        var rendition = History.Newest
            .Where(job => job.RequestId == @event["requestId"].StringOf())
            .SelectMany(job => job.Renditions)
            .Where(rendition => rendition.Worker is not null)
            .OrderByDescending(rendition => rendition.Likeness(@event["rendition"]))
            .ThenBy(rendition => rendition.Event is not null)
            .FirstOrDefault();
        var state = @event["type"].StringOf() == "rendition_created" ? RenditionState.Created : RenditionState.Failed;
        if (rendition?.TryEnd(state, json, _clock.GetUtcNow()) == true)
        {
            await _kept.KeepBlobAsync(rendition.Job.Id, $"{rendition.Index}", rendition.TargetUrls.FirstOrDefault(), cancellationToken).ConfigureAwait(false);
            await SaveAsync(rendition.Job).ConfigureAwait(false);
            Changed?.Invoke(rendition.Job);
        }
    }

    /// <summary>Fails the open renditions of a job immediately.</summary>
    /// <returns>The number of renditions.</returns>
    public async Task<int> AbortAsync(Job job)
    {
        var count = _runner.Abort(job);
        if (_open.TryGetValue(job, out var open))
        {
            await open.Ending.CancelAsync().ConfigureAwait(false);
        }

        Changed?.Invoke(job);
        return count;
    }

    /// <summary>Restores the jobs of an earlier run, oldest first.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await _kept.RestoreAsync(cancellationToken).ConfigureAwait(false))
        {
            if (History.Find(job.Id) is null)
            {
                History.Add(job);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(false);
        foreach (var (workspace, ending) in _open.Values)
        {
            await workspace.DisposeAsync().ConfigureAwait(false);
            ending.Dispose();
        }

        _stopping.Dispose();
    }

    private void Enqueue(Job job)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        _open[job] = (new JobWorkspace(job, _downloader, source => FetchedAsync(job, source, ending.Token), ending.Token), ending);
        History.Add(job);
        Changed?.Invoke(job);
        foreach (var rendition in job.Work)
        {
            _waiting.Writer.TryWrite(rendition);
        }
    }

    private async Task FetchedAsync(Job job, SourceFile source, CancellationToken cancellationToken)
    {
        job.FetchedAt = _clock.GetUtcNow();
        job.SourcePixels = source.Header is { Width: > 0, Height: > 0 } header ? (header.SeenWidth, header.SeenHeight) : null;
        using var file = File.OpenRead(source.Path);
        await _kept.KeepAsync(job.Id, KeptFiles.Source, source.Header?.MediaType ?? source.MediaType, file, cancellationToken).ConfigureAwait(false);
    }

    private async Task SaveAsync(Job job)
    {
        // Not cancelled when the emulator stops, because the page of the next run shows the jobs that have ended.
        await _kept.SaveAsync(job, CancellationToken.None).ConfigureAwait(false);
        if (History.Find(job.Id) is null)
        {
            // The page removed the job and its files while the job was in progress.
            _kept.Remove(job);
        }
    }

    /// <summary>Makes a rendition. The worker continues after any error, even if the disk fails while the event is written.</summary>
    private async Task RunAsync(RenditionTask rendition)
    {
        try
        {
            if (rendition.Companions.Any(static companion => companion.IsOpen) && _open.TryGetValue(rendition.Job, out var open))
            {
                try
                {
                    await _runner.RunAsync(rendition, open.Workspace, open.Ending.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
                {
                    // The job was aborted, and its events were written then.
                }
            }

            if (rendition.Job.CountDown() && _open.TryRemove(rendition.Job, out var ended))
            {
                await ended.Workspace.DisposeAsync().ConfigureAwait(false);
                ended.Ending.Dispose();
                _log.Remove(Kind, rendition.Job.Id.ToString("D"));
                await SaveAsync(rendition.Job).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            rendition.State = RenditionState.Failed;
            rendition.Problem = exception.Message;
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var rendition in _waiting.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                foreach (var working in rendition.Companions.Where(static companion => companion.IsOpen))
                {
                    working.StartedAt = _clock.GetUtcNow();
                    working.State = RenditionState.Working;
                }

                Changed?.Invoke(rendition.Job);
                await RunAsync(rendition).ConfigureAwait(false);
                Changed?.Invoke(rendition.Job);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator is stopping. With a data folder, the remaining jobs resume at the next start.
        }
    }
}
