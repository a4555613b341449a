using System.Runtime.CompilerServices;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>Runs jobs over the one shared reading of an account's journal.</summary>
internal sealed class RenditionJobs : IRenditionJobs, IAsyncDisposable
{
    private readonly IAssetComputeClient _client;
    private readonly TimeProvider _timeProvider;
    private readonly JobTelemetry _telemetry;
    private readonly JobTable _table = new();
    private readonly JobPumps _pumps;
    private readonly string _clientId = NewId();

    public RenditionJobs(IAssetComputeClient client, JournalFeedFactory feeds, JobTelemetry telemetry, TimeProvider timeProvider)
    {
        _telemetry = telemetry;
        _client = client;
        _timeProvider = timeProvider;
        _pumps = new JobPumps(feeds, _table, timeProvider);
    }

    public Task<RenditionJobResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(request, options: null, cancellationToken);

    public Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunToEndAsync(request.RequestId ?? NewId(), request, Check(options), cancellationToken);
    }

    public IAsyncEnumerable<RenditionJobResult> RunManyAsync(
        IAsyncEnumerable<ProcessRequest> requests,
        RenditionJobOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        options = Check(options);
        return JobBatch.RunAsync(requests, options.MaxInFlight, RunOneAsync, cancellationToken);

        Task<RenditionJobResult> RunOneAsync(ProcessRequest request, CancellationToken token)
        {
            ArgumentNullException.ThrowIfNull(request);
            string requestId = request.RequestId ?? NewId();
            return WithErrorAsync(requestId, request, RunToEndAsync(requestId, request, options, token), token);
        }
    }

    public RenditionJobsSnapshot TakeSnapshot()
    {
        IReadOnlyList<RenditionJob> jobs = _table.ByAge();
        return new RenditionJobsSnapshot
        {
            Position = jobs.Count == 0 ? JournalPosition.Latest : jobs[0].Start,
            Requests = [.. jobs.Select(job => job.Request with { RequestId = job.RequestId })],
        };
    }

    public async IAsyncEnumerable<RenditionJobResult> ResumeAsync(
        RenditionJobsSnapshot snapshot,
        RenditionJobOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        options = Check(options);
        JobPump pump = await _pumps.OpenAsync(snapshot.Position, cancellationToken).ConfigureAwait(false);
        RenditionJob[] jobs = [.. snapshot.Requests.Select(request => new RenditionJob(request.RequestId ?? "", request, pump, _telemetry, options.OnRendition))];
        try
        {
            foreach (RenditionJob job in jobs)
            {
                _table.Add(job);
            }

            // All jobs stand before the first event is read, so that none is passed by.
            pump.Start();
            await foreach (RenditionJobResult result in JobBatch.RunAsync(Sequence(jobs), Math.Max(1, jobs.Length), AwaitOneAsync, cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            Array.ForEach(jobs, Leave);
            pump.Leave();
        }

        Task<RenditionJobResult> AwaitOneAsync(RenditionJob job, CancellationToken token) =>
            WithErrorAsync(job.RequestId, job.Request, FinishAsync(job.RequestId, job.Request, AwaitAsync(job, options, token), options, token), token);
    }

    public ValueTask DisposeAsync() => _pumps.DisposeAsync();

    private static string NewId() => Guid.NewGuid().ToString();

    private static RenditionJobOptions Check(RenditionJobOptions? options)
    {
        options ??= new RenditionJobOptions();
        if (options.MaxInFlight <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxInFlight, $"{nameof(RenditionJobOptions.MaxInFlight)} must be over 0.");
        }

        if (options.Timeout <= TimeSpan.Zero && options.Timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Timeout, $"{nameof(RenditionJobOptions.Timeout)} must be over zero, or infinite.");
        }

        return options;
    }

    private static async IAsyncEnumerable<RenditionJob> Sequence(RenditionJob[] jobs)
    {
        foreach (RenditionJob job in jobs)
        {
            yield return job;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>In a batch an error belongs into the result of its request: the others go on.</summary>
    private static async Task<RenditionJobResult> WithErrorAsync(string requestId, ProcessRequest request, Task<RenditionJobResult> job, CancellationToken cancellationToken)
    {
        try
        {
            return await job.ConfigureAwait(false);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return new RenditionJobResult
            {
                RequestId = requestId,
                Request = request,
                Renditions = (exception as RenditionJobTimeoutException)?.Received ?? [],
                Error = exception,
            };
        }
    }

    private Task<RenditionJobResult> RunToEndAsync(string requestId, ProcessRequest request, RenditionJobOptions options, CancellationToken cancellationToken) =>
        FinishAsync(requestId, request, SendAndAwaitAsync(requestId, request, options, cancellationToken), options, cancellationToken);

    /// <summary>Awaits the events of a request, and asks again for what was too large, as long as the caller has more room for it.</summary>
    private async Task<RenditionJobResult> FinishAsync(
        string requestId,
        ProcessRequest request,
        Task<IReadOnlyList<RenditionEvent>> pending,
        RenditionJobOptions options,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<RenditionEvent> events = await pending.ConfigureAwait(false);
        while (await LargerTargets.AskAsync(request, events, options.OnTooLarge, cancellationToken).ConfigureAwait(false) is { } larger)
        {
            IReadOnlyList<RenditionEvent> answers = await SendAndAwaitAsync(NewId(), larger.Request, options, cancellationToken).ConfigureAwait(false);
            events = larger.Merge(events, answers);
        }

        return new RenditionJobResult { RequestId = requestId, Request = request, Renditions = events };
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendAndAwaitAsync(string requestId, ProcessRequest request, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        // Checked before anything is registered or read for it.
        ProcessRequestValidator.Validate(request);
        JobPump pump = await _pumps.EnterAsync(cancellationToken).ConfigureAwait(false);
        RenditionJob job = new(requestId, request, pump, _telemetry, options.OnRendition);
        try
        {
            _table.Add(job);
            pump.ThrowIfFailed();
            ProcessResult accepted = await _client.ProcessAsync(request with { RequestId = requestId, MarkedBy = _clientId }, cancellationToken).ConfigureAwait(false);
            if (!string.Equals(accepted.RequestId, requestId, StringComparison.Ordinal))
            {
                _table.AddAlias(job, accepted.RequestId);
            }

            return await AwaitAsync(job, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(job);
            pump.Leave();
        }
    }

    private void Leave(RenditionJob job)
    {
        _table.Remove(job);
        job.End();
    }

    private async Task<IReadOnlyList<RenditionEvent>> AwaitAsync(RenditionJob job, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await job.Completion.WaitAsync(options.Timeout, _timeProvider, cancellationToken).ConfigureAwait(false);
            return job.Received;
        }
        catch (TimeoutException) when (!job.Completion.IsCompleted)
        {
            throw job.OutOfTime(options.Timeout);
        }
    }
}
