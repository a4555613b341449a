using System.Diagnostics;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Diagnostics;
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

    public RenditionJobs(IAssetComputeClient client, JournalFeedFactory feeds, JobTelemetry telemetry, TimeProvider timeProvider)
    {
        _telemetry = telemetry;
        _client = client;
        _timeProvider = timeProvider;
        _subscriptions = new JournalSubscriptions(feeds, _table, timeProvider);
    }

    public Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunToEndAsync(new JobRun(request.RequestId ?? NewId(), request), Check(options), cancellationToken);
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
            JobRun run = new(request.RequestId ?? NewId(), request);
            return WithErrorAsync(run, RunToEndAsync(run, options, token), token);
        }
    }

    public RenditionJobsSnapshot TakeSnapshot()
    {
        // One position for the jobs of each reading: where its oldest job began.
        IEnumerable<OpenRenditionJob> jobs =
            from job in _table.ByAge()
            where !job.IsPart
            group job by job.Subscription.Origin into reading
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
        options = Check(options);
        List<RenditionJob> jobs = [];
        List<JournalSubscription> subscriptions = [];
        try
        {
            foreach (IGrouping<JournalPosition, OpenRenditionJob> reading in snapshot.Jobs.GroupBy(job => job.Position))
            {
                JournalSubscription subscription = await _subscriptions.OpenAsync(reading.Key, cancellationToken).ConfigureAwait(false);
                subscriptions.Add(subscription);
                foreach (OpenRenditionJob open in reading)
                {
                    RenditionJob job = new(open.Request.RequestId ?? "", open.Request, subscription, _telemetry, options.OnRendition);
                    jobs.Add(job);
                    _table.Add(job);
                }
            }

            // All jobs stand before the first event is read, so that none is passed by.
            subscriptions.ForEach(static subscription => subscription.Start());
            await foreach (RenditionJobResult result in JobBatch.RunAsync(Sequence(jobs), Math.Max(1, jobs.Count), AwaitOneAsync, cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            jobs.ForEach(Leave);
            subscriptions.ForEach(static subscription => subscription.Leave());
        }

        Task<RenditionJobResult> AwaitOneAsync(RenditionJob job, CancellationToken token)
        {
            JobRun run = new(job.RequestId, job.Request) { Job = job };
            return WithErrorAsync(run, FinishAsync(run, AwaitAsync(job, options, token), options, token), token);
        }
    }

    /// <summary>Ends the subscriptions. Jobs that still wait fail.</summary>
    public ValueTask DisposeAsync() => _subscriptions.DisposeAsync();

    /// <summary>Ends the subscriptions without waiting for their end: a container that is disposed synchronously cannot.</summary>
    public void Dispose() => _subscriptions.Stop();

    private static string NewId() => Guid.NewGuid().ToString();

    private static RenditionJobOptions Check(RenditionJobOptions? options)
    {
        options ??= new RenditionJobOptions();
        if (options.MaxInFlight <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxInFlight, $"{nameof(RenditionJobOptions.MaxInFlight)} must be over 0.");
        }

        if (!RenditionJobOptions.IsTimeout(options.Timeout))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Timeout, $"{nameof(RenditionJobOptions.Timeout)} must be {RenditionJobOptions.TimeoutRange}.");
        }

        return options;
    }

    private static async IAsyncEnumerable<RenditionJob> Sequence(List<RenditionJob> jobs)
    {
        foreach (RenditionJob job in jobs)
        {
            yield return job;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>In a batch an error belongs into the result of its request: the others go on.</summary>
    private static async Task<RenditionJobResult> WithErrorAsync(JobRun run, Task<RenditionJobResult> job, CancellationToken cancellationToken)
    {
        try
        {
            return await job.ConfigureAwait(false);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return new RenditionJobResult { RequestId = run.RequestId, Request = run.Request, Renditions = run.Received, Error = exception };
        }
    }

    private Task<RenditionJobResult> RunToEndAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken) =>
        ClientDiagnostics.Activities.HasListeners()
            ? RunInSpanAsync(run, options, cancellationToken)
            : FinishAsync(run, SendAndAwaitAsync(run, options, cancellationToken), options, cancellationToken);

    private async Task<RenditionJobResult> RunInSpanAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        using Activity? span = _telemetry.StartSpan(run);
        try
        {
            RenditionJobResult result = await FinishAsync(run, SendAndAwaitAsync(run, options, cancellationToken), options, cancellationToken).ConfigureAwait(false);
            JobTelemetry.EndSpan(span, result);
            return result;
        }
        catch (Exception exception)
        {
            JobTelemetry.EndSpan(span, exception);
            throw;
        }
    }

    /// <summary>Awaits the events of a request, and asks once more for what was too large, where the caller has more room for it.</summary>
    private async Task<RenditionJobResult> FinishAsync(JobRun run, Task<IReadOnlyList<RenditionEvent>> pending, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<RenditionEvent> events = await pending.ConfigureAwait(false);
            return options.OnTooLarge is { } onTooLarge
                ? await AskForLargerAsync(run, events, onTooLarge, options, cancellationToken).ConfigureAwait(false)
                : new RenditionJobResult { RequestId = run.RequestId, Request = run.Request, Renditions = events };
        }
        finally
        {
            // Each job by itself: others that were resumed with it may wait for long.
            Leave(run.Job);
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
            // The first request stays in the table: in a snapshot it stands for both, for another process gets its events once more and asks for larger targets itself.
            JobRun again = new(NewId(), request, isPart: true);
            try
            {
                events = larger.Merge(events, await SendAndAwaitAsync(again, options, cancellationToken).ConfigureAwait(false));
            }
            catch (RenditionJobTimeoutException exception)
            {
                RenditionJobTimeoutException late = larger.OutOfTime(run, events, exception);
                run.Received = late.Received;
                throw late;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // What the first request brought is a result all the same; the result says why it has no better one.
                events = larger.Merge(events, again.Received);
                error = error is null ? exception : new AggregateException(error, exception);
            }
            finally
            {
                Leave(again.Job);
            }
        }

        return new RenditionJobResult { RequestId = run.RequestId, Request = run.Request, Renditions = events, Error = error };
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendAndAwaitAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        // Checked before anything is registered or read for it.
        ProcessRequestValidator.Validate(run.Request);
        try
        {
            return await SendMarkedAsync(run, options, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetComputeNotRegisteredException) when (run.Job is { WasAccepted: false })
        {
            // The registration that was known has ended since, and its journal with it. Once more, with a new one.
            Leave(run.Job);
            _subscriptions.ForgetJournal(run.Job.Subscription);
            return await SendMarkedAsync(run, options, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendMarkedAsync(JobRun run, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        JournalSubscription subscription = await _subscriptions.EnterAsync(cancellationToken).ConfigureAwait(false);
        RenditionJob job = new(run.RequestId, run.Request, subscription, _telemetry, options.OnRendition) { IsPart = run.IsPart };
        run.Job = job;
        try
        {
            _table.Add(job);
            subscription.ThrowIfFailed();
            ProcessResult accepted = await _client.ProcessAsync(ReservedUserData.Mark(run.Request with { RequestId = run.RequestId }, _clientId), cancellationToken).ConfigureAwait(false);
            job.WasAccepted = true;
            if (!string.Equals(accepted.RequestId, run.RequestId, StringComparison.Ordinal))
            {
                _table.AddAlias(job, accepted.RequestId);
            }

            return await AwaitAsync(job, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            job.End();
            subscription.Leave();
        }
    }

    private void Leave(RenditionJob? job)
    {
        if (job is not null)
        {
            _table.Remove(job);
            job.End();
        }
    }

    private async Task<IReadOnlyList<RenditionEvent>> AwaitAsync(RenditionJob job, RenditionJobOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await job.Completion.WaitAsync(options.Timeout, _timeProvider, cancellationToken).ConfigureAwait(false);
            return job.Received;
        }
        catch (TimeoutException)
        {
            if (job.Completion.IsCompleted)
            {
                // The last event and the limit met.
                await job.Completion.ConfigureAwait(false);
                return job.Received;
            }

            throw job.OutOfTime(options.Timeout);
        }
        finally
        {
            job.End();
        }
    }
}
