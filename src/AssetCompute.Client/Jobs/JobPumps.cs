using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>
/// The readings of an account's journal that jobs wait on: one for all requests that this process sends, and one for each set of jobs that
/// is resumed from an earlier position.
/// </summary>
internal sealed class JobPumps : IAsyncDisposable
{
    private readonly JournalFeedFactory _feeds;
    private readonly JobTable _table;
    private readonly TimeProvider _timeProvider;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private readonly List<JobPump> _pumps = [];
    private readonly object _sharedOrigin = new();
    private volatile JobPump? _shared;

    public JobPumps(JournalFeedFactory feeds, JobTable table, TimeProvider timeProvider)
    {
        _feeds = feeds;
        _table = table;
        _timeProvider = timeProvider;
    }

    /// <summary>The shared reading, which stands at the end of the journal or before it when this returns. Whoever enters leaves it again.</summary>
    public async ValueTask<JobPump> EnterAsync(CancellationToken cancellationToken)
    {
        if (_shared is { } running && running.TryEnter())
        {
            return running;
        }

        return await WhileNotDisposedAsync(StartSharedAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the next to enter register anew, where nobody has since. Who waits on that reading goes on waiting.</summary>
    public void ForgetJournal(JobPump pump)
    {
        _feeds.ForgetJournal(pump.Journal);
        Interlocked.CompareExchange(ref _shared, null, pump);
    }

    /// <summary>Ends the readings without waiting for their end.</summary>
    public void Stop()
    {
        _disposing.Cancel();
        JobPump[] pumps;
        lock (_pumps)
        {
            pumps = [.. _pumps];
        }

        foreach (JobPump pump in pumps)
        {
            pump.Stop();
        }
    }

    /// <summary>A reading of its own from a position; it stands still until it is started. Whoever opens it leaves it again.</summary>
    public ValueTask<JobPump> OpenAsync(JournalPosition position, CancellationToken cancellationToken) =>
        WhileNotDisposedAsync(token => StartAsync(position, token), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _disposing.Cancel();
        await _starting.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (JobPump pump in Take(static _ => true))
            {
                await pump.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A start that waits for its journal ends with the readings: it would hold up their disposal.</summary>
    private async ValueTask<JobPump> WhileNotDisposedAsync(Func<CancellationToken, ValueTask<JobPump>> start, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token, cancellationToken);
        try
        {
            return await start(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(IRenditionJobs));
        }
    }

    private async ValueTask<JobPump> StartAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await CreateAsync(position, new object(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async ValueTask<JobPump> StartSharedAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_shared is { } started && started.TryEnter())
            {
                return started;
            }

            JournalPosition end = await FindEndAsync(cancellationToken).ConfigureAwait(false);
            JobPump pump = await CreateAsync(end, _sharedOrigin, cancellationToken).ConfigureAwait(false);
            pump.Start();
            return _shared = pump;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>
    /// Pins down the end of the journal before a request leaves: polling "latest" would pass by whatever comes between two polls.
    /// </summary>
    private async ValueTask<JournalPosition> FindEndAsync(CancellationToken cancellationToken)
    {
        // Whatever is here already belongs to nobody who waits.
        JournalReadOptions options = new() { StopWhenCaughtUp = true };
        JournalFeed feed = await _feeds.CreateAsync(JournalPosition.Latest, options, cancellationToken).ConfigureAwait(false);
        JournalPosition end = JournalPosition.Latest;
        await foreach (JournalFeedItem item in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            end = item.Notice?.Position ?? end;
            if (item.Chunk is { } chunk && chunk.Slices[chunk.Slices.Length - 1] is { PositionLength: > 0 } last)
            {
                // Any position from now on will do, and a busy journal may never have nothing new.
                end = JournalPosition.After(chunk.PositionOf(last));
            }

            item.Chunk?.Dispose();
            if (end.Value is not null)
            {
                break;
            }
        }

        // A journal whose end has no position has never had an event: from its beginning nothing can be missed.
        return end == JournalPosition.Latest ? JournalPosition.Oldest : end;
    }

    private async ValueTask<JobPump> CreateAsync(JournalPosition position, object origin, CancellationToken cancellationToken)
    {
        foreach (JobPump ended in Take(static pump => pump.HasEnded))
        {
            await ended.DisposeAsync().ConfigureAwait(false);
        }

        // Where events were lost, reading on brings at least those that are left; a job that gets nothing runs out of its time.
        JournalReadOptions options = new() { OnExpired = ExpiredPositionPolicy.Oldest };
        JournalFeed feed = await _feeds.CreateAsync(position, options, cancellationToken).ConfigureAwait(false);
        lock (_pumps)
        {
            // One that were made after the others were stopped would go on reading.
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
            JobPump pump = new(feed, _table, position, origin, _timeProvider);
            _pumps.Add(pump);
            return pump;
        }
    }

    private JobPump[] Take(Func<JobPump, bool> which)
    {
        lock (_pumps)
        {
            JobPump[] taken = [.. _pumps.Where(which)];
            _pumps.RemoveAll(taken.Contains);
            return taken;
        }
    }
}
