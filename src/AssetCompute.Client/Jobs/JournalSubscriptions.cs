using System.Diagnostics;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>
/// The readings of an account's journal that jobs wait on: one for all requests that this process sends, and one for each set of jobs that
/// is resumed from an earlier position.
/// </summary>
internal sealed class JournalSubscriptions : IAsyncDisposable
{
    private readonly JournalFeedFactory _feeds;
    private readonly JobTable _table;
    private readonly TimeProvider _timeProvider;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private readonly List<JournalSubscription> _subscriptions = [];
    private readonly object _sharedOrigin = new();
    private volatile JournalSubscription? _shared;

    public JournalSubscriptions(JournalFeedFactory feeds, JobTable table, TimeProvider timeProvider)
    {
        _feeds = feeds;
        _table = table;
        _timeProvider = timeProvider;
    }

    /// <summary>The shared reading, which stands at the end of the journal or before it when this returns. Whoever enters leaves it again.</summary>
    public async ValueTask<JournalSubscription> EnterAsync(CancellationToken cancellationToken)
    {
        if (_shared is { } running && running.TryEnter())
        {
            return running;
        }

        return await WhileNotDisposedAsync(StartSharedAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the next to enter register anew, where nobody has since. Who waits on that reading goes on waiting.</summary>
    public void ForgetJournal(JournalSubscription subscription)
    {
        _feeds.ForgetJournal(subscription.Journal);
        Interlocked.CompareExchange(ref _shared, null, subscription);
    }

    /// <summary>Ends the readings without waiting for their end.</summary>
    public void Stop()
    {
        _disposing.Cancel();
        JournalSubscription[] subscriptions;
        lock (_subscriptions)
        {
            subscriptions = [.. _subscriptions];
        }

        foreach (JournalSubscription subscription in subscriptions)
        {
            subscription.Stop();
        }
    }

    /// <summary>A reading of its own from a position; it stands still until it is started. Whoever opens it leaves it again.</summary>
    public ValueTask<JournalSubscription> OpenAsync(JournalPosition position, CancellationToken cancellationToken) =>
        WhileNotDisposedAsync(token => StartAsync(position, token), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _disposing.Cancel();
        await _starting.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (JournalSubscription subscription in Take(static _ => true))
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A start that waits for its journal ends with the readings: it would hold up their disposal.</summary>
    private async ValueTask<JournalSubscription> WhileNotDisposedAsync(Func<CancellationToken, ValueTask<JournalSubscription>> start, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, typeof(IRenditionJobs));
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

    private async ValueTask<JournalSubscription> StartAsync(JournalPosition position, CancellationToken cancellationToken)
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

    private async ValueTask<JournalSubscription> StartSharedAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_shared is { } started && started.TryEnter())
            {
                return started;
            }

            JournalPosition end = await FindEndAsync(cancellationToken).ConfigureAwait(false);
            JournalSubscription subscription = await CreateAsync(end, _sharedOrigin, cancellationToken).ConfigureAwait(false);
            subscription.Start();
            return _shared = subscription;
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
            if (item.Entries is { } entries && entries[entries.Count - 1].Position is { Value: not null } last)
            {
                // Any position from now on will do, and a busy journal may always have something new.
                end = last;
            }

            if (end.Value is not null)
            {
                break;
            }
        }

        // A journal whose end has no position has never had an event: from its beginning nothing can be missed.
        return end == JournalPosition.Latest ? JournalPosition.Oldest : end;
    }

    private async ValueTask<JournalSubscription> CreateAsync(JournalPosition position, object origin, CancellationToken cancellationToken)
    {
        foreach (JournalSubscription ended in Take(static subscription => subscription.HasEnded))
        {
            await ended.DisposeAsync().ConfigureAwait(false);
        }

        // Where events were lost, reading on brings at least those that are left; a job that gets nothing runs out of its time.
        JournalReadOptions options = new() { OnExpired = ExpiredPositionPolicy.Oldest };
        JournalFeed feed = await _feeds.CreateAsync(position, options, cancellationToken, Activity.Current?.Context ?? default).ConfigureAwait(false);
        lock (_subscriptions)
        {
            // One that were made after the others were stopped would go on reading.
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, typeof(IRenditionJobs));
            JournalSubscription subscription = new(feed, _table, position, origin, _timeProvider);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    private JournalSubscription[] Take(Func<JournalSubscription, bool> which)
    {
        lock (_subscriptions)
        {
            JournalSubscription[] taken = [.. _subscriptions.Where(which)];
            _subscriptions.RemoveAll(taken.Contains);
            return taken;
        }
    }
}
