using System.Collections.Concurrent;
using System.Diagnostics;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>The subscriptions to an account's journal: one for the requests of this process, and one for each set of resumed jobs.</summary>
internal sealed class JournalSubscriptions(JournalReader journal, TimeProvider timeProvider) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RenditionJob> _jobs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();

    // Replaced only by the holder of the semaphore.
    private volatile JournalSubscription[] _subscriptions = [];
    private volatile JournalSubscription? _shared;

    /// <summary>The subscriptions, oldest first.</summary>
    public IReadOnlyList<JournalSubscription> All => _subscriptions;

    /// <summary>Adds a job to the shared subscription, which is at the end of the journal or before it.</summary>
    public ValueTask EnterAsync(RenditionJob job, CancellationToken cancellationToken) =>
        _shared is { } running && running.TryEnter(job) ? default : OneAtATimeAsync(token => EnterSharedAsync(job, token), cancellationToken);

    /// <summary>Starts a new subscription at a position, with its jobs.</summary>
    public ValueTask EnterAsync(IReadOnlyList<RenditionJob> jobs, JournalPosition position, CancellationToken cancellationToken) =>
        OneAtATimeAsync(token => StartAsync(jobs, position, token), cancellationToken);

    /// <summary>Makes the next job register again, unless another job has done so since. Jobs that wait on that subscription keep waiting.</summary>
    public void ForgetJournal(JournalSubscription subscription)
    {
        journal.Forget(subscription.Journal);
        Interlocked.CompareExchange(ref _shared, null, subscription);
    }

    /// <summary>Ends the subscriptions without waiting for their end.</summary>
    public void Stop() => _disposing.Cancel();

    public async ValueTask DisposeAsync()
    {
        _disposing.Cancel();
        await _starting.WaitAsync().ConfigureAwait(false);
        await RemoveAsync(static _ => true).ConfigureAwait(false);
        _starting.Release();
    }

    /// <summary>Runs one start at a time. Disposal cancels a start that waits for its journal.</summary>
    private async ValueTask OneAtATimeAsync(Func<CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, typeof(IRenditionJobs));
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token, cancellationToken);
        try
        {
            await _starting.WaitAsync(both.Token).ConfigureAwait(false);
            try
            {
                await start(both.Token).ConfigureAwait(false);
            }
            finally
            {
                _starting.Release();
            }
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(IRenditionJobs));
        }
    }

    private async Task EnterSharedAsync(RenditionJob job, CancellationToken cancellationToken)
    {
        if (_shared is not { } started || !started.TryEnter(job))
        {
            JournalPosition end = await FindEndAsync(cancellationToken).ConfigureAwait(false);
            _shared = await StartAsync([job], end, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds the end of the journal before a request is sent: polling "latest" would miss events between two polls.</summary>
    private async ValueTask<JournalPosition> FindEndAsync(CancellationToken cancellationToken)
    {
        JournalReadOptions options = new() { StopWhenCaughtUp = true };
        JournalFeed feed = await journal.OpenAsync(JournalPosition.Latest, options, cancellationToken).ConfigureAwait(false);
        await foreach (JournalBatch batch in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // Any position from now on is correct, and a busy journal may always have new events.
            if (batch.Position.Value is not null)
            {
                return batch.Position;
            }
        }

        // A journal whose end has no position has never had an event, so starting at its beginning misses nothing.
        return JournalPosition.Oldest;
    }

    private async Task<JournalSubscription> StartAsync(IReadOnlyList<RenditionJob> jobs, JournalPosition position, CancellationToken cancellationToken)
    {
        await RemoveAsync(static subscription => subscription.HasEnded).ConfigureAwait(false);

        // If events were lost, reading continues with the remaining ones. A job without its events times out.
        JournalReadOptions options = new() { OnExpired = ExpiredPositionPolicy.Oldest };
        JournalFeed feed = await journal.OpenAsync(position, options, cancellationToken, Activity.Current?.Context ?? default).ConfigureAwait(false);
        JournalSubscription subscription = new(feed, position, _jobs, timeProvider, _disposing.Token);
        _subscriptions = [.. _subscriptions, subscription];

        // All jobs are added before the first event is read, so that no event is missed. A new subscription has ended only if this object is disposed.
        if (!jobs.All(subscription.TryEnter))
        {
            _disposing.Token.ThrowIfCancellationRequested();
        }

        subscription.Start();
        return subscription;
    }

    private async ValueTask RemoveAsync(Func<JournalSubscription, bool> which)
    {
        foreach (JournalSubscription subscription in _subscriptions.Where(which))
        {
            _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }
}
