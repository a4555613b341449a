using System.Net;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>
/// Reads the journal for as long as jobs wait, and brings them their events. Ends by itself a while after the last job has left.
/// </summary>
internal sealed class JobPump : IAsyncDisposable
{
    /// <summary>So long the reading goes on without a job, because the next one is likely to come.</summary>
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

    /// <summary>A reading that stands still until it is started. It has its first user already.</summary>
    public JobPump(JournalFeed feed, JobTable table, JournalPosition position, object origin, TimeProvider timeProvider)
    {
        Origin = origin;
        _feed = feed;
        _table = table;
        _position = position;
        _users = 1;
        _linger = timeProvider.CreateTimer(static pump => ((JobPump)pump!).EndIfUnused(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    /// <summary>Starts the reading, elsewhere: one that finds its pages at hand would go on for long before it waits for the first time.</summary>
    public void Start() => _running = Task.Run(RunAsync);

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

    /// <summary>Throws where the reading has failed: a job that came while it failed was not told otherwise.</summary>
    public void ThrowIfFailed()
    {
        lock (_lock)
        {
            if (_failure is not null)
            {
                throw _failure;
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
            if (item.Chunk is { } chunk)
            {
                Dispatch(chunk);
            }
            else
            {
                Note(item.Notice);
            }
        }
        catch (Exception exception)
        {
            // No failure of the journal, which would read the same once more, but the end.
            End(exception);
            Stop();
        }

        return default;
    }

    private void Note(JournalNotice? notice)
    {
        _lastFailure = (notice as JournalRetrying)?.Exception;
        if (notice is JournalCaughtUp { Position: var position } && position != JournalPosition.Latest)
        {
            MoveTo(position);
        }
        else if (notice is JournalGap gap)
        {
            MoveTo(gap.Position);
        }
        else if (_lastFailure is AssetComputeException { StatusCode: HttpStatusCode.NotFound })
        {
            // The registration may have ended, and nobody is here for whom it would have to be made anew.
            EndIfUnused();
        }
    }

    private void Dispatch(JournalChunk chunk)
    {
        _lastFailure = null;
        using (chunk)
        {
            _table.Dispatch(chunk);
            JournalSlice last = chunk.Slices[chunk.Slices.Length - 1];
            if (last.PositionLength > 0)
            {
                MoveTo(JournalPosition.After(chunk.PositionOf(last)));
            }
        }
    }

    private void MoveTo(JournalPosition position)
    {
        lock (_lock)
        {
            _position = position;
        }
    }

    /// <summary>The end of the reading is the end of every wait on it; nobody waits where it ended for want of users.</summary>
    private void End(Exception failure)
    {
        lock (_lock)
        {
            _ended = true;
            failure = _failure ??= failure;
        }

        foreach (RenditionJob job in _table.Jobs)
        {
            if (job.Pump == this)
            {
                job.Fail(failure);
            }
        }
    }
}
