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
    private readonly List<JobPump> _pumps = [];
    private volatile JobPump? _shared;
    private bool _disposed;

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

        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_shared is { } started && started.TryEnter())
            {
                return started;
            }

            JournalPosition end = await FindEndAsync(cancellationToken).ConfigureAwait(false);
            JobPump pump = await CreateAsync(end, cancellationToken).ConfigureAwait(false);
            pump.Start();
            return _shared = pump;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A reading of its own from a position; it stands still until it is started. Whoever opens it leaves it again.</summary>
    public async ValueTask<JobPump> OpenAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await CreateAsync(position, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _starting.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            foreach (JobPump pump in _pumps)
            {
                await pump.DisposeAsync().ConfigureAwait(false);
            }

            _pumps.Clear();
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
        JournalReadOptions options = new() { StopWhenCaughtUp = true };
        JournalFeed feed = await _feeds.CreateAsync(JournalPosition.Latest, options, pooledChunks: true, cancellationToken).ConfigureAwait(false);
        JournalPosition end = JournalPosition.Latest;
        await foreach (JournalFeedItem item in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // Whatever is here already belongs to nobody who waits.
            item.Chunk?.Dispose();
            end = item.Notice?.Position ?? end;
        }

        // A journal whose end has no position has never had an event: from its beginning nothing can be missed.
        return end == JournalPosition.Latest ? JournalPosition.Oldest : end;
    }

    private async ValueTask<JobPump> CreateAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (JobPump ended in _pumps.Where(pump => pump.HasEnded).ToArray())
        {
            _pumps.Remove(ended);
            await ended.DisposeAsync().ConfigureAwait(false);
        }

        // Where events were lost, reading on brings at least those that are left; a job that gets nothing runs out of its time.
        JournalReadOptions options = new() { OnExpired = ExpiredPositionPolicy.Oldest };
        JournalFeed feed = await _feeds.CreateAsync(position, options, pooledChunks: true, cancellationToken).ConfigureAwait(false);
        JobPump pump = new(feed, _table, position, _timeProvider);
        _pumps.Add(pump);
        return pump;
    }
}
