namespace AssetCompute.Client.Inbox;

/// <summary>
/// Runs the work of many callers on one store in batches. Work that arrives while a batch runs is added to the next one, so that many calls share one round
/// trip and one write to the disk.
/// </summary>
/// <param name="maxBatch">The maximum size of a batch.</param>
/// <param name="run">Runs a batch: calls <see cref="BatchItem{TWork, TResult}.TryStart"/> and sets the results of started items. If it throws, items without
/// a result fail with the exception.</param>
/// <param name="owner">The type that the exception names after the end.</param>
internal sealed class BatchQueue<TWork, TResult>(int maxBatch, Func<List<BatchItem<TWork, TResult>>, Task> run, Type owner)
{
    private readonly Lock _gate = new();
    private readonly List<BatchItem<TWork, TResult>> _waiting = [];
    private Task _running = Task.CompletedTask;
    private bool _ended;

    /// <summary>Adds work. It can be canceled until it starts. After that, the call waits for the result.</summary>
    public Task<TResult> RunAsync(TWork work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BatchItem<TWork, TResult> item = new(work);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, owner);
            _waiting.Add(item);
            if (_running.IsCompleted)
            {
                // A batch belongs to no caller: their traces end before the batch does.
                using AsyncFlowControl? none = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                _running = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        return item.WaitAsync(cancellationToken);
    }

    /// <summary>Accepts no more work, and waits for work in progress, which waits only for the store.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _ended = true;
            return _running;
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            List<BatchItem<TWork, TResult>> batch;
            lock (_gate)
            {
                batch = [.. _waiting.Take(maxBatch)];
                _waiting.RemoveRange(0, batch.Count);
                if (batch.Count == 0)
                {
                    _running = Task.CompletedTask;
                    return;
                }
            }

            try
            {
                await run(batch).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                batch.ForEach(item => item.Fail(exception));
            }
        }
    }
}
