using System.Net;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>
/// Reads the journal while jobs wait, and passes them their events. Stops 30 seconds after the last job.
/// </summary>
/// <remarks>
/// The subscription outlives the call that starts it, so it captures nothing of that call's context: no activity, no log scope, no
/// <see cref="AsyncLocal{T}"/>.
/// </remarks>
internal sealed class JournalSubscription : IAsyncDisposable
{
    /// <summary>How long reading continues without a job, because the next one is likely to follow soon.</summary>
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(30);

    private readonly JournalFeed _feed;
    private readonly JobTable _table;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _linger;
    private readonly object _lock = new();
    private Task _running = Task.CompletedTask;
    private volatile object _position;
    private volatile Exception? _failure;
    private volatile bool _ended;
    private int _users = 1;

    /// <summary>Creates a subscription. It does not read before it is started. The creator is its first user.</summary>
    public JournalSubscription(JournalFeed feed, JobTable table, JournalPosition position, bool isShared, TimeProvider timeProvider, CancellationToken stopping = default)
    {
        IsShared = isShared;
        _feed = feed;
        _table = table;
        _position = position;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using AsyncFlowControl? noContext = SuppressFlow();
        _linger = timeProvider.CreateTimer(static subscription => ((JournalSubscription)subscription!).Stop(onlyIfUnused: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it starts at the end of the journal, for all requests that this process sends. Positions of shared subscriptions can be compared by the age of their jobs.</summary>
    public bool IsShared { get; }

    /// <summary>The position of the reader. All earlier events were passed to their jobs.</summary>
    public JournalPosition Position => (JournalPosition)_position;

    /// <summary>The journal that is read.</summary>
    public Uri Journal => _feed.Journal;

    /// <summary>Why the journal cannot be read at the moment; null if it can.</summary>
    public Exception? LastFailure { get; private set; }

    public bool HasEnded => _ended;

    /// <summary>Starts reading on another thread: if pages are available immediately, it may read for a long time before its first wait.</summary>
    public void Start()
    {
        using AsyncFlowControl? noContext = SuppressFlow();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Adds a user. Returns false if reading has ended.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _users++;
                _linger.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            return !_ended;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0 && !_ended)
            {
                _linger.Change(s_linger, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Throws if reading has failed: a job that was added meanwhile was not notified.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw ExceptionOf(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _linger.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static Exception ExceptionOf(Exception failure) =>
        failure is OperationCanceledException ? new ObjectDisposedException(nameof(IRenditionJobs)) : JournalFailure.CopyOf(failure);

    private static AsyncFlowControl? SuppressFlow() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();

    private async Task RunAsync()
    {
        try
        {
            await foreach (JournalBatch batch in _feed.ReadAsync(_stop.Token).ConfigureAwait(false))
            {
                _table.Dispatch(batch.Entries);
                _position = batch.Position;
                LastFailure = (batch.Notice as JournalRetrying)?.Exception;
                if (LastFailure is AssetComputeException { StatusCode: HttpStatusCode.NotFound })
                {
                    // The registration may have ended, and no job is left that needs a new one.
                    Stop(onlyIfUnused: true);
                }
            }
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    /// <summary>Ends reading, without waiting for its end.</summary>
    /// <param name="onlyIfUnused">Whether to continue if there are users.</param>
    private void Stop(bool onlyIfUnused = false)
    {
        lock (_lock)
        {
            if (!_ended && !(onlyIfUnused && _users > 0))
            {
                _ended = true;
                _stop.Cancel();
            }
        }
    }

    /// <summary>Ends reading, which ends every wait on it. If it ended because it had no users, there are no waits.</summary>
    private void End(Exception failure)
    {
        lock (_lock)
        {
            _ended = true;
            _failure = failure;
        }

        foreach (RenditionJob job in _table.Jobs.Where(job => job.Subscription == this))
        {
            job.Fail(ExceptionOf(failure));
        }
    }
}
