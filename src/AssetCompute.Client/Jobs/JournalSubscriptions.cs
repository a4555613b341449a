using System.Diagnostics;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Jobs;

/// <summary>
/// The subscriptions to an account's journal that jobs wait on: one for all requests of this process, and one for each set of jobs that is resumed from an
/// earlier position.
/// </summary>
internal sealed class JournalSubscriptions(JournalReader journal, TimeProvider timeProvider) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();

    // Used only by the holder of the semaphore.
    private readonly List<JournalSubscription> _subscriptions = [];
    private volatile JournalSubscription? _shared;

    /// <summary>The jobs that wait on the subscriptions.</summary>
    public JobTable Table { get; } = new();

    /// <summary>Returns the shared subscription, which is at the end of the journal or before it. The caller must leave it.</summary>
    public ValueTask<JournalSubscription> EnterAsync(CancellationToken cancellationToken) =>
        _shared is { } running && running.TryEnter() ? new ValueTask<JournalSubscription>(running) : OneAtATimeAsync(StartSharedAsync, cancellationToken);

    /// <summary>Returns a new subscription, which starts at a position when it is started. The caller must leave it.</summary>
    public ValueTask<JournalSubscription> OpenAsync(JournalPosition position, CancellationToken cancellationToken) =>
        OneAtATimeAsync(token => CreateAsync(position, isShared: false, token), cancellationToken);

    /// <summary>Makes the next job register again, unless another job has done so since. Jobs that wait on that subscription keep waiting.</summary>
    public void ForgetJournal(JournalSubscription subscription)
    {
        journal.ForgetJournal(subscription.Journal);
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
    private async ValueTask<JournalSubscription> OneAtATimeAsync(Func<CancellationToken, ValueTask<JournalSubscription>> start, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, typeof(IRenditionJobs));
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token, cancellationToken);
        try
        {
            await _starting.WaitAsync(both.Token).ConfigureAwait(false);
            try
            {
                return await start(both.Token).ConfigureAwait(false);
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

    private async ValueTask<JournalSubscription> StartSharedAsync(CancellationToken cancellationToken)
    {
        if (_shared is { } started && started.TryEnter())
        {
            return started;
        }

        JournalPosition end = await FindEndAsync(cancellationToken).ConfigureAwait(false);
        JournalSubscription subscription = await CreateAsync(end, isShared: true, cancellationToken).ConfigureAwait(false);
        subscription.Start();
        return _shared = subscription;
    }

    /// <summary>
    /// Finds the end of the journal before a request is sent: polling "latest" would miss events between two polls.
    /// </summary>
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

    private async ValueTask<JournalSubscription> CreateAsync(JournalPosition position, bool isShared, CancellationToken cancellationToken)
    {
        await RemoveAsync(static subscription => subscription.HasEnded).ConfigureAwait(false);

        // If events were lost, reading continues with the remaining ones. A job without its events times out.
        JournalReadOptions options = new() { OnExpired = ExpiredPositionPolicy.Oldest };
        JournalFeed feed = await journal.OpenAsync(position, options, cancellationToken, Activity.Current?.Context ?? default).ConfigureAwait(false);
        JournalSubscription subscription = new(feed, Table, position, isShared, timeProvider, _disposing.Token);
        _subscriptions.Add(subscription);
        return subscription;
    }

    private async ValueTask RemoveAsync(Predicate<JournalSubscription> which)
    {
        foreach (JournalSubscription subscription in _subscriptions.FindAll(which))
        {
            _subscriptions.Remove(subscription);
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }
}
