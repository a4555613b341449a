namespace AssetExport;

/// <summary>How long this instance leaves a destination alone, and what wakes the loop that exports to it.</summary>
internal sealed class Pause(TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly Lock _gate = new();
    private DateTimeOffset _until;

    /// <summary>How long the destination is still left alone; zero or less if it is not.</summary>
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

    /// <summary>Leaves the destination alone from now on. A pause that lasts longer already stays.</summary>
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

    /// <summary>Ends the wait, or the next one.</summary>
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

    /// <summary>Waits until a time is over, or somebody wakes it.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        // The semaphore's own time limit is not on this clock. Delays are counted in whole milliseconds, so the rest of one would not be waited for.
        using CancellationTokenSource limit = new(longest + TimeSpan.FromMilliseconds(1), timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await _woken.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _woken.Dispose();
}
