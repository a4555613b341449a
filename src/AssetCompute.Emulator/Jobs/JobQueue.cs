using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace AssetCompute.Emulator;

/// <summary>The queue of renditions and its workers. The options limit how many renditions are made at once. Disposing the queue waits for all workers.</summary>
internal sealed class JobQueue(RenditionRunner runner, Downloader downloader, StateLog log, KeptFiles kept, AssetComputeEmulatorOptions options) : IAsyncDisposable
{
    private const string Kind = "job";

    private readonly Channel<RenditionTask> _waiting = Channel.CreateUnbounded<RenditionTask>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _saving = new();
    private readonly ConcurrentDictionary<Job, JobWorkspace> _open = [];
    private IReadOnlyList<Job> _saved = [];
    private Task _work = Task.CompletedTask;

    public event Action<Job>? Changed;

    /// <summary>The history of jobs for the page.</summary>
    public JobHistory History { get; } = new(options.JobCapacity);

    /// <summary>Reads the jobs of an earlier run, oldest first.</summary>
    public void Restore() => _saved = [.. log.Read(Kind, (key, json) =>
    {
        var job = JsonSerializer.Deserialize(json, StateJson.Default.Job)!;
        job.Id = Guid.Parse(key);
        return job;
    }).OrderBy(static job => job.AcceptedAt)];

    /// <summary>
    /// Starts the workers, and resumes the jobs of an earlier run that are not finished. Their sources and targets may be on this server, so it must already be
    /// listening.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        History.Forgot += Forget;
        await (log.IsPersistent ? kept.RestoreAsync(_saved, cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
        _work = Parallel.ForEachAsync(
            _waiting.Reader.ReadAllAsync(CancellationToken.None),
            new ParallelOptions { MaxDegreeOfParallelism = options.Rendering.MaxConcurrency, CancellationToken = _stopping.Token },
            RunAsync);
        foreach (var job in _saved)
        {
            if (job.IsFinished)
            {
                History.Add(job);
            }
            else
            {
                Enqueue(job);
            }
        }

        _saved = [];
    }

    /// <summary>Accepts a job. From here on, it is finished even if the emulator is killed in between.</summary>
    public void Accept(Job job)
    {
        Save(job);
        Enqueue(job);
    }

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
        if (rendition?.TryEnd(state, json, options.TimeProvider.GetUtcNow()) == true)
        {
            await kept.KeepBlobAsync(rendition.Job.Id, $"{rendition.Index}", rendition.TargetUrls.FirstOrDefault(), cancellationToken).ConfigureAwait(false);
            Save(rendition.Job);
            Changed?.Invoke(rendition.Job);
        }
    }

    /// <summary>Fails the open renditions of a job immediately.</summary>
    /// <returns>The number of renditions.</returns>
    public async Task<int> AbortAsync(Job job)
    {
        var count = runner.Abort(job);
        if (_open.TryGetValue(job, out var workspace))
        {
            await workspace.StopAsync().ConfigureAwait(false);
        }

        Save(job);
        Changed?.Invoke(job);
        return count;
    }

    public async ValueTask DisposeAsync()
    {
        // With a data folder, the remaining jobs resume at the next start.
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var workspace in _open.Values)
        {
            await workspace.DisposeAsync().ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private void Enqueue(Job job)
    {
        _open[job] = new JobWorkspace(job, downloader, FetchedAsync, _stopping.Token);
        History.Add(job);
        Changed?.Invoke(job);
        foreach (var rendition in job.Work)
        {
            _waiting.Writer.TryWrite(rendition);
        }
    }

    private async Task FetchedAsync(Job job, SourceFile source, CancellationToken cancellationToken)
    {
        job.FetchedAt = options.TimeProvider.GetUtcNow();
        using var file = File.OpenRead(source.Path);
        await kept.KeepAsync(job.Id, KeptFiles.Source, source.Format?.MediaType ?? source.DeclaredType, file, cancellationToken).ConfigureAwait(false);
    }

    private void Save(Job job)
    {
        if (log.IsPersistent)
        {
            // The last line of a job must have its last state.
            lock (_saving)
            {
                log.Save(Kind, job.Id.ToString("D"), JsonSerializer.SerializeToUtf8Bytes(job, StateJson.Default.Job));
            }
        }

        if (job.IsFinished && History.Find(job.Id) is null)
        {
            // The page removed the job while it was in progress.
            Forget(job);
        }
    }

    private void Forget(Job job)
    {
        kept.Remove(job);
        if (job.IsFinished)
        {
            log.Remove(Kind, job.Id.ToString("D"));
        }
    }

    /// <summary>Makes a rendition. The next ones are made after any error, even if the disk fails while the event is written.</summary>
    private async ValueTask RunAsync(RenditionTask rendition, CancellationToken cancellationToken)
    {
        var (job, workspace) = (rendition.Job, _open[rendition.Job]);
        foreach (var working in rendition.Companions.Where(static companion => companion.IsOpen))
        {
            working.StartedAt = options.TimeProvider.GetUtcNow();
            working.State = RenditionState.Working;
        }

        Changed?.Invoke(job);
        try
        {
            await runner.RunAsync(rendition, workspace).ConfigureAwait(false);
            if (job.CountDown())
            {
                _open.TryRemove(job, out _);
                await workspace.DisposeAsync().ConfigureAwait(false);
                job.IsFinished = true;
                Save(job);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            rendition.State = RenditionState.Failed;
            rendition.Problem = exception.Message;
        }

        Changed?.Invoke(job);
    }
}
