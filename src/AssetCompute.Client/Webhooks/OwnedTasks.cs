namespace AssetCompute.Client.Webhooks;

/// <summary>
/// What goes on after its request was answered: it has an owner that ends it. The work itself says what became of it; it does not throw.
/// </summary>
internal sealed class OwnedTasks : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly object _gate = new();
    private readonly Dictionary<long, Task> _running = [];
    private long _last;

    public OwnedTasks() => Stopping = _stopping.Token;

    /// <summary>Cancelled when the owner is disposed.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Begins the work on another thread, so that work that blocks holds nobody up.</summary>
    /// <returns>The work; null where the owner is disposed, and nothing is begun.</returns>
    public Task<T>? TryRun<T>(Func<Task<T>> work)
    {
        lock (_gate)
        {
            if (Stopping.IsCancellationRequested)
            {
                return null;
            }

            long number = ++_last;
            Task<T> task = Task.Run(() => RunAsync(number, work), CancellationToken.None);
            _running.Add(number, task);
            return task;
        }
    }

    /// <summary>Tells the work to end, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        Task[] running;
        lock (_gate)
        {
            running = [.. _running.Values];
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <summary>Tells the work to end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            // Not disposed: work that ends may still look at the token, and there is nothing in the source that would have to be given back.
            if (!_stopping.IsCancellationRequested)
            {
                _stopping.Cancel();
            }
        }
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
