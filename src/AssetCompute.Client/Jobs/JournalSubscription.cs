using System.Net;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>
/// Reads the journal while jobs wait, and passes them their events. Stops 30 seconds after the last job.
/// </summary>
/// <remarks>It outlives the call that starts it, so it takes nothing of the context of that call: no activity, no log scope, no <see cref="AsyncLocal{T}"/>.</remarks>
internal sealed class JournalSubscription : IAsyncDisposable
{
    /// <summary>How long reading continues without a job, because the next one is likely to come.</summary>
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(30);

    private readonly JournalFeed _feed;
    private readonly JobTable _table;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _linger;
    private readonly object _lock = new();
    private Task _running = Task.CompletedTask;
    private JournalPosition _position;
    private Exception? _lastFailure;
    private int _users;
    private bool _ended;
    private Exception? _failure;

    /// <summary>Creates a subscription that does not read before it is started. It has its first user already.</summary>
    public JournalSubscription(JournalFeed feed, JobTable table, JournalPosition position, object origin, TimeProvider timeProvider)
    {
        Origin = origin;
        _feed = feed;
        _table = table;
        _position = position;
        _users = 1;
        using AsyncFlowControl? noContext = SuppressFlow();
        _linger = timeProvider.CreateTimer(static subscription => ((JournalSubscription)subscription!).EndIfUnused(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What readings have in common whose positions can be compared by the age of their jobs: all shared ones, and each resumed one alone.</summary>
    public object Origin { get; }

    /// <summary>Where the reading stands: every event before it has been brought to its job.</summary>
    public JournalPosition Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    /// <summary>The journal that is read.</summary>
    public Uri Journal => _feed.Journal;

    /// <summary>Why the journal cannot be read at the moment; null where it can.</summary>
    public Exception? LastFailure => Volatile.Read(ref _lastFailure);

    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }

    /// <summary>Starts reading, on another thread: when pages are available at once, it may read for long before it waits for the first time.</summary>
    public void Start()
    {
        using AsyncFlowControl? noContext = SuppressFlow();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Lets a job wait on this reading.</summary>
    /// <returns>False where the reading has ended.</returns>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return false;
            }

            _users++;
            _linger.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>Ends the reading, without waiting for its end.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _ended = true;
        }

        TimerCancellation.Cancel(_stop);
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

    /// <summary>Throws when reading has failed: a job that came meanwhile was not told.</summary>
    public void ThrowIfFailed()
    {
        lock (_lock)
        {
            if (_failure is not null)
            {
                throw CopyOf(_failure);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _ended = true;
        }

        await _linger.DisposeAsync().ConfigureAwait(false);
        _stop.Cancel();
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void EndIfUnused()
    {
        lock (_lock)
        {
            if (_users > 0 || _ended)
            {
                return;
            }

            _ended = true;
        }

        TimerCancellation.Cancel(_stop);
    }

    /// <summary>Each caller gets an exception of its own: one object, thrown to many, would mix up their stacks.</summary>
    private static Exception CopyOf(Exception failure) => failure switch
    {
        ObjectDisposedException => new ObjectDisposedException(nameof(IRenditionJobs)),
        JournalException journal => new JournalException(journal.Message, journal)
        {
            Position = journal.Position,
            PositionIsLost = journal.PositionIsLost,
            StatusCode = journal.StatusCode,
            RequestId = journal.RequestId,
            ErrorCode = journal.ErrorCode,
            ResponseBody = journal.ResponseBody,
            Attempts = journal.Attempts,
            Elapsed = journal.Elapsed,
        },
        _ => new JournalException($"Reading the journal ended: {failure.Message}", failure),
    };

    private static AsyncFlowControl? SuppressFlow() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();

    private async Task RunAsync()
    {
        try
        {
            await _feed.RunAsync(Take, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            End(exception is OperationCanceledException ? new ObjectDisposedException(nameof(IRenditionJobs)) : exception);
        }
    }

    private ValueTask Take(JournalFeedItem item, CancellationToken cancellationToken)
    {
        try
        {
            if (item.Entries is { } entries)
            {
                Dispatch(entries);
            }
            else
            {
                Note(item.Notice);
            }
        }
        catch (Exception exception)
        {
            // Not a failure of the journal, which would be read once more, but the end.
            End(exception);
            Stop();
        }

        return default;
    }

    private void Note(JournalNotice? notice)
    {
        _lastFailure = (notice as JournalRetrying)?.Exception;
        if (notice is JournalCaughtUp or JournalEventSkipped && notice.Position != JournalPosition.Latest)
        {
            MoveTo(notice.Position);
        }
        else if (notice is JournalGap gap)
        {
            MoveTo(gap.Position);
        }
        else if (_lastFailure is AssetComputeException { StatusCode: HttpStatusCode.NotFound })
        {
            // The registration may have ended, and no job is left for which to register again.
            EndIfUnused();
        }
    }

    private void Dispatch(IReadOnlyList<JournalEntry> entries)
    {
        _lastFailure = null;
        _table.Dispatch(entries);
        if (entries[entries.Count - 1].Position is { Value: not null } last)
        {
            MoveTo(last);
        }
    }

    private void MoveTo(JournalPosition position)
    {
        lock (_lock)
        {
            _position = position;
        }
    }

    /// <summary>The end of the reading ends every wait on it. Nobody waits when it ended because it had no users.</summary>
    private void End(Exception failure)
    {
        lock (_lock)
        {
            _ended = true;
            failure = _failure ??= failure;
        }

        foreach (RenditionJob job in _table.Jobs)
        {
            if (job.Subscription == this)
            {
                job.Fail(CopyOf(failure));
            }
        }
    }
}
