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
        // One position for each subscription: the start of its oldest job.
        IEnumerable<OpenRenditionJob> jobs =
            from subscription in _subscriptions.All
            let waiting = subscription.Jobs
            from job in waiting
            select new OpenRenditionJob { Request = job.Request with { RequestId = job.RequestId }, Position = waiting[0].Start };
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
        try
        {
            foreach (IGrouping<JournalPosition, OpenRenditionJob> reading in snapshot.Jobs.GroupBy(job => job.Position))
            {
                RenditionJob[] waiting = [.. reading.Select(open => new RenditionJob(open.Request.RequestId ?? "", open.Request, options, telemetry) { WasAccepted = true })];
                jobs.AddRange(waiting);
                await _subscriptions.EnterAsync(waiting, reading.Key, cancellationToken).ConfigureAwait(false);
            }

            await foreach (RenditionJobResult result in JobBatch.RunAsync(JobBatch.Sequence(jobs), Math.Max(1, jobs.Count), RunInBatchAsync, cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            jobs.ForEach(static job => job.Leave());
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

    /// <summary>Sends a request, unless another process has, and waits for its events.</summary>
    private async Task<RenditionJobResult> RunAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        using Activity? span = job.WasAccepted ? null : telemetry.StartSpan(job);
        try
        {
            IReadOnlyList<RenditionEvent> events = job.WasAccepted
                ? await WaitAsync(job, cancellationToken).ConfigureAwait(false)
                : await SendAndWaitAsync(job, cancellationToken).ConfigureAwait(false);
            RenditionJobResult result = new() { RequestId = job.RequestId, Request = job.Request, Renditions = events };
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
            job.Leave();
        }
    }

    private async Task<IReadOnlyList<RenditionEvent>> SendAndWaitAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        // Checked before the client registers or starts to read.
        ProcessRequestValidator.Validate(job.Request);
        try
        {
            await _subscriptions.EnterAsync(job, cancellationToken).ConfigureAwait(false);
            return await WaitAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (AssetComputeNotRegisteredException) when (job is { WasAccepted: false, Subscription: not null })
        {
            // The known registration and its journal no longer exist. Try once more with a new one.
            job.Leave();
            _subscriptions.ForgetJournal(job.Subscription);
            await _subscriptions.EnterAsync(job, cancellationToken).ConfigureAwait(false);
            return await WaitAsync(job, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the events of a job on its subscription. Sends its request first, unless the service has accepted it.</summary>
    private async Task<IReadOnlyList<RenditionEvent>> WaitAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        long begun = telemetry.Begun();
        try
        {
            if (!job.WasAccepted)
            {
                ProcessRequest marked = ReservedUserData.Mark(job.Request with { RequestId = job.RequestId }, _clientId);
                ProcessResult accepted = await client.ProcessAsync(marked, cancellationToken).ConfigureAwait(false);
                job.WasAccepted = true;
                job.Subscription!.AddAlias(job, accepted.RequestId);
            }

            return await job.WaitAsync(timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            telemetry.Ended(begun, job.Completion.Status == TaskStatus.RanToCompletion);
        }
    }
}
