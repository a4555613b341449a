using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Jobs;

/// <summary>Reads the journal while jobs wait, and passes them their events. Stops 30 seconds after the last job.</summary>
/// <remarks>It outlives the call that starts it, so it captures nothing of that call's context, such as its activity or its log scope.</remarks>
internal sealed class JournalSubscription : IAsyncDisposable
{
    /// <summary>How long reading continues without a job, because the next one is likely to follow soon.</summary>
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(30);

    private readonly JournalFeed _feed;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _linger;
    private readonly object _lock = new();
    private readonly ConcurrentDictionary<string, RenditionJob> _jobs;
    private int _waiting;
    private Task _running = Task.CompletedTask;
    private volatile object _position;

    /// <summary>Creates a subscription. It does not read before it is started.</summary>
    /// <param name="feed">The reading of the journal.</param>
    /// <param name="position">The position where it starts.</param>
    /// <param name="jobs">The waiting jobs of all subscriptions of the account, by each id of the request.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="stopping">Ends the reading.</param>
    public JournalSubscription(
        JournalFeed feed, JournalPosition position, ConcurrentDictionary<string, RenditionJob> jobs, TimeProvider timeProvider, CancellationToken stopping = default)
    {
        _feed = feed;
        _jobs = jobs;
        _position = position;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using AsyncFlowControl? noContext = SuppressFlow();
        _linger = timeProvider.CreateTimer(static subscription => ((JournalSubscription)subscription!).StopIfUnused(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The position of the reader. All earlier events were passed to their jobs.</summary>
    public JournalPosition Position => (JournalPosition)_position;

    /// <summary>The journal that is read.</summary>
    public Uri Journal => _feed.Journal;

    /// <summary>Why the journal cannot be read at the moment; null if it can.</summary>
    public Exception? LastFailure { get; private set; }

    public bool HasEnded => _stop.IsCancellationRequested;

    /// <summary>The jobs that wait on this subscription, oldest first.</summary>
    public IReadOnlyList<RenditionJob> Jobs => [.. _jobs.Values.Where(job => job.Subscription == this).Distinct().OrderBy(static job => job.Number)];

    /// <summary>Starts reading on another thread: if pages are available immediately, it may read for a long time before its first wait.</summary>
    public void Start()
    {
        using AsyncFlowControl? noContext = SuppressFlow();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Adds a job, before its request is sent. Returns false if reading has ended.</summary>
    /// <exception cref="ArgumentException">Another job with the same request id is waiting, on this subscription or on another one.</exception>
    public bool TryEnter(RenditionJob job)
    {
        lock (_lock)
        {
            if (HasEnded)
            {
                return false;
            }

            job.Enter(this);
            if (!_jobs.TryAdd(job.RequestId, job))
            {
                throw new ArgumentException($"Another job waits under the same {nameof(ProcessRequest.RequestId)}: {job.RequestId}");
            }

            _waiting++;
            _linger.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>Adds the id that the service gave the request of a job, which can differ from the id that was sent.</summary>
    public void AddAlias(RenditionJob job, string alias)
    {
        if (_jobs.TryAdd(alias, job))
        {
            job.Alias = alias;
        }
    }

    /// <summary>Removes a job, unless it is not there: a job that was refused because of a duplicate id must not remove the other one.</summary>
    public void Leave(RenditionJob job)
    {
        lock (_lock)
        {
            ICollection<KeyValuePair<string, RenditionJob>> jobs = _jobs;
            bool wasThere = jobs.Remove(new KeyValuePair<string, RenditionJob>(job.RequestId, job));
            jobs.Remove(new KeyValuePair<string, RenditionJob>(job.Alias ?? job.RequestId, job));
            if (wasThere && --_waiting == 0 && !HasEnded)
            {
                _linger.Change(s_linger, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Passes events to the jobs that wait for them. All others are ignored, and not read.</summary>
    public void Dispatch(IReadOnlyList<JournalEntry> entries)
    {
        foreach (JournalEntry entry in entries)
        {
            using JsonDocument? document = EventReader.Parse(entry.Raw);
            JsonElement json = document?.RootElement ?? default;
            JsonElement content = EventReader.DataOf(json) ?? json;

            // Without the mark of this client, the id that the service gave the request.
            (string? request, int? index) = ReservedUserData.Read(content.Object("rendition"u8));
            if ((Find(request) ?? Find(content.Text("requestId"u8))) is { } job && entry.Event is RenditionEvent rendition)
            {
                job.Accept(rendition, index);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _linger.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static AsyncFlowControl? SuppressFlow() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();

    private RenditionJob? Find(string? requestId) => requestId is not null && _jobs.TryGetValue(requestId, out RenditionJob? job) ? job : null;

    private async Task RunAsync()
    {
        try
        {
            await foreach (JournalBatch batch in _feed.ReadAsync(_stop.Token).ConfigureAwait(false))
            {
                Dispatch(batch.Entries);
                _position = batch.Position;
                LastFailure = (batch.Notice as JournalRetrying)?.Exception;
                if (LastFailure is AssetComputeException { StatusCode: HttpStatusCode.NotFound })
                {
                    // The registration may have ended, and no job is left that needs a new one.
                    StopIfUnused();
                }
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _stop.Cancel();
            }

            // From now on, no job can enter.
            foreach (RenditionJob job in Jobs)
            {
                job.Fail(exception is OperationCanceledException ? new ObjectDisposedException(nameof(IRenditionJobs)) : JournalFailure.CopyOf(exception));
            }
        }
    }

    private void StopIfUnused()
    {
        lock (_lock)
        {
            // The timer may call this after the disposal.
            if (_waiting == 0 && !HasEnded)
            {
                _stop.Cancel();
            }
        }
    }
}
