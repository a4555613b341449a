namespace AssetExport;

/// <summary>The pause of a destination in this instance, and the signal that wakes its loop.</summary>
internal sealed class Pause(TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly Lock _gate = new();
    private DateTimeOffset _until;

    /// <summary>The time left of the pause; zero or less if there is none.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                return _until - timeProvider.GetUtcNow();
            }
        }
    }

    /// <summary>Starts a pause. A current pause that ends later stays.</summary>
    public void For(TimeSpan duration)
    {
        lock (_gate)
        {
            DateTimeOffset until = timeProvider.GetUtcNow() + duration;
            _until = until > _until ? until : _until;
        }
    }

    /// <summary>Ends the pause.</summary>
    public void Lift()
    {
        lock (_gate)
        {
            _until = default;
        }

        Wake();
    }

    /// <summary>Ends the current wait, or the next one.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_woken.CurrentCount == 0)
            {
                _woken.Release();
            }
        }
    }

    /// <summary>Waits until a time is over, or until it is woken.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        // The semaphore's own timeout does not use this clock. Delays are rounded down to whole milliseconds, so one is added.
        using CancellationTokenSource limit = new(longest + TimeSpan.FromMilliseconds(1), timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await _woken.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _woken.Dispose();
}
