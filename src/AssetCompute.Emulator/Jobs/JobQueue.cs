using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace AssetCompute.Emulator;

/// <summary>
/// The renditions that wait, and the workers that make them: as many at once as the options allow, all of them awaited when the
/// queue is disposed.
/// </summary>
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

    /// <summary>The jobs that an earlier run of the emulator had accepted and not finished.</summary>
    public static IReadOnlyList<Job> Unfinished(StateLog log) => [.. log.Read(Kind, (key, json) =>
    {
        var job = JsonSerializer.Deserialize(json, StateJson.Default.AcceptedJob)!;
        return new Job(job.ClientId, job.RequestId, job.Request, job.AcceptedAt) { Id = Guid.Parse(key), RequestBytes = json.Length };
    }).OrderBy(static job => job.AcceptedAt)];

    /// <summary>Takes a job over: from here on it is finished even if the emulator is killed in between.</summary>
    public void Accept(Job job)
    {
        var accepted = new AcceptedJob(job.ClientId, job.RequestId, job.AcceptedAt, job.Request);
        _log.Save(Kind, job.Id.ToString("D"), JsonSerializer.SerializeToUtf8Bytes(accepted, StateJson.Default.AcceptedJob));
        Enqueue(job);
    }

    /// <summary>Takes a job up again that an earlier run of the emulator had accepted.</summary>
    public void Resume(Job job) => Enqueue(job);

    /// <summary>The jobs that the page shows.</summary>
    public JobHistory History { get; }

    /// <summary>Notes what a custom worker says of a rendition.</summary>
    public async Task ReceivedAsync(JsonObject @event, byte[] json, CancellationToken cancellationToken)
    {
        // The one that fits best, and of equal ones one without an event yet. Where the best has one, the worker repeats itself.
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

    /// <summary>Ends the open renditions of a job with a failure each, at once.</summary>
    /// <returns>How many there were.</returns>
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

    /// <summary>Takes back what an earlier run left, oldest first.</summary>
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
        // Not cancelled when the emulator stops: the page of the next run shows what has ended.
        await _kept.SaveAsync(job, CancellationToken.None).ConfigureAwait(false);
        if (History.Find(job.Id) is null)
        {
            // The page forgot it while it was worked on, and its files with it.
            _kept.Remove(job);
        }
    }

    /// <summary>Whatever goes wrong with one rendition, and be it the disk that its event is written to, the worker goes on.</summary>
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
                    // The job was aborted, which wrote its events.
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
            // The emulator stops; with a data folder, what is left is taken up again at the next start.
        }
    }
}
