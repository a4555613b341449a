namespace AssetCompute.Client.Webhooks;

/// <summary>Runs work that may outlive its request, and cancels it on dispose. The work handles its own exceptions.</summary>
internal sealed class OwnedTasks(TimeProvider timeProvider) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    /// <summary>Canceled on dispose. The source is not disposed: work that is ending may still read the token.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Starts the work on another thread, so that blocking work does not delay the caller.</summary>
    /// <param name="work">The work.</param>
    /// <param name="ofCaller">Whether the work is part of the caller's request, and keeps its trace and its log scopes.</param>
    /// <returns>The work; null after dispose, when nothing is started.</returns>
    public Task<T>? TryRun<T>(Func<Task<T>> work, bool ofCaller = false)
    {
        // Work that starts during the dispose must be included in what the dispose waits for.
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return null;
            }

            using AsyncFlowControl? none = ofCaller || ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
            Task<T> task = Task.Run(work, CancellationToken.None);
            _running.RemoveAll(static ended => ended.IsCompleted);
            _running.Add(task);
            return task;
        }
    }

    /// <summary>Cancels the work.</summary>
    public void Dispose() => _stopping.Cancel();

    /// <summary>Cancels the work and waits for it, up to a limit. A handler that ignores its token must not prevent the process from exiting.</summary>
    /// <returns>How many tasks still run.</returns>
    public async ValueTask<int> EndAsync(TimeSpan limit)
    {
        Dispose();
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).WaitAsync(limit, timeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return running.Count(static task => !task.IsCompleted);
    }
}
