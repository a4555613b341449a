using System.Diagnostics;
using System.Runtime.CompilerServices;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>Runs jobs on the shared subscription to an account's journal.</summary>
internal sealed class RenditionJobs(IAssetComputeClient client, JournalReader journal, JobTelemetry telemetry, TimeProvider timeProvider) : IRenditionJobs, IAsyncDisposable, IDisposable
{
    private readonly JournalSubscriptions _subscriptions = new(journal, timeProvider);
    private readonly string _clientId = NewId();

    public Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        options = RenditionJobOptions.Check(options);
        return RunAsync(NewJob(request, options), cancellationToken);
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
            return RunInBatchAsync(NewJob(request, options), token);
        }
    }

    public RenditionJobsSnapshot TakeSnapshot()
    {
        // One position for the shared subscriptions, and one for each other subscription: the start of its oldest job.
        IEnumerable<OpenRenditionJob> jobs =
            from job in _subscriptions.Table.ByAge()
            where !job.IsPart
            group job by job.Subscription!.IsShared ? null : job.Subscription into reading
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
                    RenditionJob job = new(open.Request.RequestId ?? "", open.Request, options, telemetry) { WasAccepted = true };
                    jobs.Add(job);
                    Enter(job, subscription);
                }
            }

            // All jobs are added before the first event is read, so that no event is missed.
            subscriptions.ForEach(static subscription => subscription.Start());
            await foreach (RenditionJobResult result in JobBatch.RunAsync(JobBatch.Sequence(jobs), Math.Max(1, jobs.Count), RunInBatchAsync, cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            jobs.ForEach(Leave);
            subscriptions.ForEach(static subscription => subscription.Leave());
        }
    }

    /// <summary>Ends the subscriptions. Waiting jobs fail.</summary>
    public ValueTask DisposeAsync() => _subscriptions.DisposeAsync();

    /// <summary>Ends the subscriptions without waiting for their end, which a synchronous dispose of the container cannot do.</summary>
    public void Dispose() => _subscriptions.Stop();

    private static string NewId() => Guid.NewGuid().ToString();

    private RenditionJob NewJob(ProcessRequest request, RenditionJobOptions options) => new(request.RequestId ?? NewId(), request, options, telemetry);

    /// <summary>Returns an error as the result of its request, so that the others of the batch continue.</summary>
    private async Task<RenditionJobResult> RunInBatchAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return new RenditionJobResult { RequestId = job.RequestId, Request = job.Request, Renditions = job.Received, Error = exception };
        }
    }

    /// <summary>
    /// Sends a request, unless another process has, and waits for its events. Requests renditions that were too large again, if the caller has a larger
    /// target.
    /// </summary>
    private async Task<RenditionJobResult> RunAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        using Activity? span = job.WasAccepted ? null : telemetry.StartSpan(job);
        try
        {
            IReadOnlyList<RenditionEvent> events = job.WasAccepted
                ? await job.WaitAsync(timeProvider, cancellationToken).ConfigureAwait(false)
                : await SendAndWaitAsync(job, cancellationToken).ConfigureAwait(false);
            RenditionJobResult result = job.Options.OnTooLarge is { } onTooLarge
                ? await AskForLargerAsync(job, events, onTooLarge, cancellationToken).ConfigureAwait(false)
                : new RenditionJobResult { RequestId = job.RequestId, Request = job.Request, Renditions = events };
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
            Leave(job);
        }
    }

    private async Task<RenditionJobResult> AskForLargerAsync(
        RenditionJob job,
        IReadOnlyList<RenditionEvent> events,
        Func<RenditionFailed, CancellationToken, ValueTask<RenditionTarget?>> onTooLarge,
        CancellationToken cancellationToken)
    {
        LargerTargets larger = await LargerTargets.AskAsync(events, onTooLarge, cancellationToken).ConfigureAwait(false);
        Exception? error = larger.Failure;
        if (larger.Renditions is { Count: > 0 } renditions)
        {
            // The first request stays in the table. A snapshot uses it for both, because another process gets its events again and asks for larger targets
            // itself.
            RenditionJob again = new(NewId(), job.Request with { RequestId = null, Renditions = renditions }, job.Options, telemetry) { IsPart = true };
            try
            {
                await SendAndWaitAsync(again, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The events of the first request are still a result. The error explains why there is no better one.
                error = error is null ? exception : new AggregateException(error, exception);
            }
            finally
            {
                Leave(again);
            }

            events = larger.Merge(events, again.Received);
        }

        return new RenditionJobResult { RequestId = job.RequestId, Request = job.Request, Renditions = events, Error = error };
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendAndWaitAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        // Checked before the client registers or starts to read.
        ProcessRequestValidator.Validate(job.Request);
        try
        {
            return await SendMarkedAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetComputeNotRegisteredException) when (job is { WasAccepted: false, Subscription: not null })
        {
            // The known registration and its journal no longer exist. Try once more with a new one.
            Leave(job);
            _subscriptions.ForgetJournal(job.Subscription);
            return await SendMarkedAsync(job, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendMarkedAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        JournalSubscription subscription = await _subscriptions.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Enter(job, subscription);
            subscription.ThrowIfFailed();
            ProcessResult accepted = await client.ProcessAsync(ReservedUserData.Mark(job.Request with { RequestId = job.RequestId }, _clientId), cancellationToken).ConfigureAwait(false);
            job.WasAccepted = true;
            if (!string.Equals(accepted.RequestId, job.RequestId, StringComparison.Ordinal))
            {
                _subscriptions.Table.AddAlias(job, accepted.RequestId);
            }

            return await job.WaitAsync(timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            subscription.Leave();
        }
    }

    private void Enter(RenditionJob job, JournalSubscription subscription)
    {
        job.Enter(subscription);
        _subscriptions.Table.Add(job);
    }

    private void Leave(RenditionJob job)
    {
        _subscriptions.Table.Remove(job);
        job.End();
    }
}
