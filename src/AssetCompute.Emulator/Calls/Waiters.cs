namespace AssetCompute.Emulator;

/// <summary>Those who wait until something satisfies their condition.</summary>
/// <param name="gate">The lock under which conditions are asked.</param>
internal sealed class Waiters<T>(Lock gate)
{
    private readonly List<(Func<T, bool> Condition, TaskCompletionSource<T> Met)> _all = [];

    /// <summary>Waits for what is there already, or for what <see cref="Tell"/> says later.</summary>
    public async Task<T> WaitAsync(IEnumerable<T> present, Func<T, bool> condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var met = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            foreach (var item in present.Where(condition))
            {
                return item;
            }

            _all.Add((condition, met));
        }

        try
        {
            return await met.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                _all.RemoveAll(waiter => waiter.Met == met);
            }
        }
    }

    /// <summary>A condition that throws is its waiter's matter, and not that of what it was asked about.</summary>
    public void Tell(T item)
    {
        lock (gate)
        {
            foreach (var (condition, met) in _all.Where(static waiter => !waiter.Met.Task.IsCompleted))
            {
                try
                {
                    if (condition(item))
                    {
                        met.TrySetResult(item);
                    }
                }
                catch (Exception exception)
                {
                    met.TrySetException(exception);
                }
            }
        }
    }
}
