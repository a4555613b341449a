namespace AssetCompute.Client.Webhooks;

/// <summary>
/// What goes on after its request was answered: it has an owner that ends it. The work itself says what became of it; it does not throw.
/// </summary>
internal sealed class OwnedTasks(TimeProvider timeProvider) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly object _gate = new();
    private readonly Dictionary<long, Task> _running = [];
    private long _last;
    private bool _isStopping;

    /// <summary>Cancelled when the owner is disposed.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins the work on another thread, so that work that blocks holds nobody up.</summary>
    /// <returns>The work; null where the owner is disposed, and nothing is begun.</returns>
    public Task<T>? TryRun<T>(Func<Task<T>> work)
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return null;
            }

            long number = ++_last;
            Task<T> task = Task.Run(() => RunAsync(number, work), CancellationToken.None);
            _running.Add(number, task);
            return task;
        }
    }

    /// <summary>Tells the work to end, and waits for it: not for ever, since what takes no notice of its token would keep its program from ending.</summary>
    /// <returns>How many pieces of work still run.</returns>
    public async ValueTask<int> EndAsync(TimeSpan patience)
    {
        Dispose();
        Task[] running;
        lock (_gate)
        {
            running = [.. _running.Values];
        }

        try
        {
            await Task.WhenAll(running).WaitAsync(patience, timeProvider, CancellationToken.None).ConfigureAwait(false);
            return 0;
        }
        catch (TimeoutException)
        {
            return running.Count(static task => !task.IsCompleted);
        }
    }

    /// <summary>Tells the work to end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            _isStopping = true;
        }

        // Outside the lock, for work may go on within this call, and take locks of its own under which others come here. The source is not disposed: work that ends may still look at the
        // token, and there is nothing in it that would have to be given back.
        _stopping.Cancel();
    }

    private async Task<T> RunAsync<T>(long number, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(number);
            }
        }
    }
}
