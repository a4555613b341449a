namespace AssetCompute.Emulator;

/// <summary>The callers that wait until an item satisfies their condition.</summary>
/// <param name="gate">The lock under which conditions are evaluated.</param>
internal sealed class Waiters<T>(Lock gate)
{
    private readonly List<(Func<T, bool> Condition, TaskCompletionSource<T> Met)> _all = [];

    /// <summary>Waits for an item that already exists, or for one that is passed to <see cref="Tell"/> later.</summary>
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

    /// <summary>Passes an item to all waiters. An exception from a condition goes to its waiter, not to the caller.</summary>
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
