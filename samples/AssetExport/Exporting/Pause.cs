namespace AssetExport;

/// <summary>Leaves a destination alone for as long as it asks, or until somebody says otherwise.</summary>
internal sealed class Pause(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _lifted = New();
    private DateTimeOffset _until;

    /// <summary>Whether the destination is to be left alone now.</summary>
    public bool IsOn
    {
        get
        {
            lock (_gate)
            {
                return _until > timeProvider.GetUtcNow();
            }
        }
    }

    /// <summary>From now on for a time; a longer pause that goes on already stays.</summary>
    public void For(TimeSpan duration)
    {
        DateTimeOffset until = timeProvider.GetUtcNow() + duration;
        lock (_gate)
        {
            _until = until > _until ? until : _until;
        }
    }

    /// <summary>Ends it.</summary>
    public void Lift()
    {
        lock (_gate)
        {
            _until = default;
            _lifted.TrySetResult();
            _lifted = New();
        }
    }

    /// <summary>Returns when the pause is over.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan left;
            Task lifted;
            lock (_gate)
            {
                left = _until - timeProvider.GetUtcNow();
                lifted = _lifted.Task;
            }

            if (left <= TimeSpan.Zero)
            {
                return;
            }

            try
            {
                // Delays are counted in whole milliseconds: a rest of one would not be waited for.
                await lifted.WaitAsync(left + TimeSpan.FromMilliseconds(1), timeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                // It is over, unless it has become longer meanwhile.
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
