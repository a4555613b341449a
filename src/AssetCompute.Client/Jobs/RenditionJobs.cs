using System.Diagnostics;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>Runs jobs on the shared subscription to an account's journal.</summary>
internal sealed class RenditionJobs : IRenditionJobs, IAsyncDisposable, IDisposable
{
    private readonly IAssetComputeClient _client;
    private readonly TimeProvider _timeProvider;
    private readonly JobTelemetry _telemetry;
    private readonly JobTable _table = new();
    private readonly JournalSubscriptions _subscriptions;
    private readonly string _clientId = NewId();

    public RenditionJobs(IAssetComputeClient client, JournalReader journal, JobTelemetry telemetry, TimeProvider timeProvider)
    {
        _telemetry = telemetry;
        _client = client;
        _timeProvider = timeProvider;
        _subscriptions = new JournalSubscriptions(journal, _table, timeProvider);
    }

    public Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunAsync(new JobRun(request.RequestId ?? NewId(), request), RenditionJobOptions.Check(options), cancellationToken);
    }

    public IAsyncEnumerable<RenditionJobResult> RunManyAsync(
        IAsyncEnumerable<ProcessRequest> requests,
        RenditionJobOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        options = RenditionJobOptions.Check(options);
        return JobBatch.RunAsync(requests, options.MaxInFlight, RunOneAsync, cancellationToken);

        Task<RenditionJobResult> RunOneAsync(ProcessRequest request, CancellationToken token)
        {
            ArgumentNullException.ThrowIfNull(request);
            return RunInBatchAsync(new JobRun(request.RequestId ?? NewId(), request), options, token);
        }
    }

    public RenditionJobsSnapshot TakeSnapshot()
    {
        // One position for the shared subscriptions, and one for each other subscription: the start of its oldest job.
        IEnumerable<OpenRenditionJob> jobs =
            from job in _table.ByAge()
            where !job.IsPart
            group job by job.Subscription.IsShared ? null : job.Subscription into reading
            from job in reading
            select new OpenRenditionJob { Request = job.Request with { RequestId = job.RequestId }, Position = reading.First().Start };
        return new RenditionJobsSnapshot { Jobs = [.. jobs] };
    }

    public async IAsyncEnumerable<RenditionJobResult> ResumeAsync(
        RenditionJobsSnapshot snapshot,
        RenditionJobOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        options = RenditionJobOptions.Check(options);
        List<JobRun> runs = [];
        List<JournalSubscription> subscriptions = [];
        try
        {
            foreach (IGrouping<JournalPosition, OpenRenditionJob> reading in snapshot.Jobs.GroupBy(job => job.Position))
            {
                JournalSubscription subscription = await _subscriptions.OpenAsync(reading.Key, cancellationToken).ConfigureAwait(false);
                subscriptions.Add(subscription);
                foreach (OpenRenditionJob open in reading)
                {
                    JobRun run = new(open.Request.RequestId ?? "", open.Request);
                    runs.Add(run);
                    Enter(run, subscription, options);
                }
            }

            // All jobs are added before the first event is read, so that no event is missed.
            subscriptions.ForEach(static subscription => subscription.Start());
            IAsyncEnumerable<RenditionJobResult> results = JobBatch.RunAsync(JobBatch.Sequence(runs), Math.Max(1, runs.Count), (run, token) => RunInBatchAsync(run, options, token), cancellationToken);
            await foreach (RenditionJobResult result in results.ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            runs.ForEach(Leave);
            subscriptions.ForEach(static subscription => subscription.Leave());
        }
    }

    /// <summary>Ends the subscriptions. Waiting jobs fail.</summary>
    public ValueTask DisposeAsync() => _subscriptions.DisposeAsync();

    /// <summary>Ends the subscriptions without waiting for their end, which a synchronous dispose of the container cannot do.</summary>
    public void Dispose() => _subscriptions.Stop();

    private static string NewId() => Guid.NewGuid().ToString();

    /// <summary>Returns an error as the result of its request, so that the others of the batch continue.</summary>
    private async Task<RenditionJobResult> RunInBatchAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(run, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return new RenditionJobResult { RequestId = run.RequestId, Request = run.Request, Renditions = run.Received, Error = exception };
        }
    }

    /// <summary>
    /// Sends a request, unless another process has, and waits for its events. Requests renditions that were too large again, if the caller has a larger
    /// target.
    /// </summary>
    private async Task<RenditionJobResult> RunAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        using Activity? span = run.Job is null ? _telemetry.StartSpan(run) : null;
        try
        {
            IReadOnlyList<RenditionEvent> events = run.Job is { } resumed
                ? await resumed.WaitAsync(options.Timeout, _timeProvider, cancellationToken).ConfigureAwait(false)
                : await SendAndWaitAsync(run, options, cancellationToken).ConfigureAwait(false);
            RenditionJobResult result = options.OnTooLarge is { } onTooLarge
                ? await AskForLargerAsync(run, events, onTooLarge, options, cancellationToken).ConfigureAwait(false)
                : new RenditionJobResult { RequestId = run.RequestId, Request = run.Request, Renditions = events };
            JobTelemetry.EndSpan(span, result);
            return result;
        }
        catch (Exception exception)
        {
            JobTelemetry.EndSpan(span, exception);
            throw;
        }
        finally
        {
            Leave(run);
        }
    }

    private async Task<RenditionJobResult> AskForLargerAsync(
        JobRun run,
        IReadOnlyList<RenditionEvent> events,
        Func<RenditionFailed, CancellationToken, ValueTask<RenditionTarget?>> onTooLarge,
        RenditionJobOptions options,
        CancellationToken cancellationToken)
    {
        LargerTargets larger = await LargerTargets.AskAsync(run.Request, events, onTooLarge, cancellationToken).ConfigureAwait(false);
        Exception? error = larger.Failure;
        if (larger.Request is { } request)
        {
            // The first request stays in the table. A snapshot uses it for both, because another process gets its events again and asks for larger targets
            // itself.
            JobRun again = new(NewId(), request, isPart: true);
            try
            {
                events = larger.Merge(events, await SendAndWaitAsync(again, options, cancellationToken).ConfigureAwait(false));
            }
            catch (RenditionJobTimeoutException exception)
            {
                RenditionJobTimeoutException late = larger.OutOfTime(run, events, exception);
                run.Received = late.Received;
                throw late;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The events of the first request are still a result. The error explains why there is no better one.
                events = larger.Merge(events, again.Received);
                error = error is null ? exception : new AggregateException(error, exception);
            }
            finally
            {
                Leave(again);
            }
        }

        return new RenditionJobResult { RequestId = run.RequestId, Request = run.Request, Renditions = events, Error = error };
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendAndWaitAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        // Checked before the client registers or starts to read.
        ProcessRequestValidator.Validate(run.Request);
        try
        {
            return await SendMarkedAsync(run, options, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetComputeNotRegisteredException) when (run.Job is { WasAccepted: false })
        {
            // The known registration and its journal no longer exist. Try once more with a new one.
            Leave(run);
            _subscriptions.ForgetJournal(run.Job.Subscription);
            return await SendMarkedAsync(run, options, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendMarkedAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        JournalSubscription subscription = await _subscriptions.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RenditionJob job = Enter(run, subscription, options);
            subscription.ThrowIfFailed();
            ProcessResult accepted = await _client.ProcessAsync(ReservedUserData.Mark(run.Request with { RequestId = run.RequestId }, _clientId), cancellationToken).ConfigureAwait(false);
            job.WasAccepted = true;
            if (!string.Equals(accepted.RequestId, run.RequestId, StringComparison.Ordinal))
            {
                _table.AddAlias(job, accepted.RequestId);
            }

            return await job.WaitAsync(options.Timeout, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            subscription.Leave();
        }
    }

    private RenditionJob Enter(JobRun run, JournalSubscription subscription, RenditionJobOptions options)
    {
        run.Job = new RenditionJob(run.RequestId, run.Request, subscription, _telemetry, options.OnRendition) { IsPart = run.IsPart };
        _table.Add(run.Job);
        return run.Job;
    }

    private void Leave(JobRun run)
    {
        if (run.Job is { } job)
        {
            _table.Remove(job);
            job.End();
        }
    }
}
