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
    private readonly JobHistory _jobs;
    private readonly ConcurrentDictionary<Job, JobWorkspace> _open = [];
    private readonly Task[] _workers;

    public JobQueue(RenditionRunner runner, Downloader downloader, StateLog log, AssetComputeEmulatorOptions options)
    {
        _jobs = new(options.JobCapacity);
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

    /// <summary>The newest jobs, newest first.</summary>
    public IReadOnlyList<Job> Newest => _jobs.Newest;

    /// <summary>Notes what a custom worker says of a rendition.</summary>
    public void Received(JsonObject @event, byte[] json)
    {
        // The one that fits best, and of equal ones one without an event yet. Where the best has one, the worker repeats itself.
        var rendition = _jobs.Newest
            .Where(job => job.RequestId == @event["requestId"].StringOf())
            .SelectMany(job => job.Renditions)
            .Where(rendition => rendition.Worker is not null)
            .OrderByDescending(rendition => rendition.Likeness(@event["rendition"]))
            .ThenBy(rendition => rendition.Event is not null)
            .FirstOrDefault();
        if (rendition is { Event: null })
        {
            rendition.Event = json;
            rendition.State = @event["type"].StringOf() == "rendition_created" ? RenditionState.Created : RenditionState.Failed;
            Changed?.Invoke(rendition.Job);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
        foreach (var workspace in _open.Values)
        {
            await workspace.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private void Enqueue(Job job)
    {
        _open[job] = new JobWorkspace(job, _downloader, _stopping.Token);
        _jobs.Add(job);
        Changed?.Invoke(job);
        foreach (var rendition in job.Work)
        {
            _waiting.Writer.TryWrite(rendition);
        }
    }

    /// <summary>Whatever goes wrong with one rendition, and be it the disk that its event is written to, the worker goes on.</summary>
    private async Task RunAsync(RenditionTask rendition)
    {
        try
        {
            await _runner.RunAsync(rendition, _open[rendition.Job], _stopping.Token);
            if (rendition.Job.CountDown() && _open.TryRemove(rendition.Job, out var workspace))
            {
                await workspace.DisposeAsync();
                _log.Remove(Kind, rendition.Job.Id.ToString("D"));
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
            await foreach (var rendition in _waiting.Reader.ReadAllAsync(_stopping.Token))
            {
                rendition.State = RenditionState.Working;
                Changed?.Invoke(rendition.Job);
                await RunAsync(rendition);
                Changed?.Invoke(rendition.Job);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator stops; with a data folder, what is left is taken up again at the next start.
        }
    }
}
