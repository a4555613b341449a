namespace AssetCompute.Client.Inbox;

/// <summary>
/// Work of many callers on one store, in batches: what arrives while a batch runs goes with the next one, so that many share one round trip and one write to the disk.
/// </summary>
/// <param name="maxBatch">The most that go together.</param>
/// <param name="run">Runs a batch: it calls <see cref="BatchItem{TWork, TResult}.TryStart"/> and sets the result of what it has started. What it throws is the failure of all without a result.</param>
/// <param name="owner">What is said to be disposed after the end.</param>
internal sealed class BatchQueue<TWork, TResult>(int maxBatch, Func<List<BatchItem<TWork, TResult>>, Task> run, Type owner)
{
    private readonly Lock _gate = new();
    private readonly List<BatchItem<TWork, TResult>> _waiting = [];
    private Task _running = Task.CompletedTask;
    private bool _ended;

    /// <summary>Adds work. It can be cancelled until it starts; from then on its result is waited for.</summary>
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
                // A batch belongs to no caller: their traces end before it does.
                using AsyncFlowControl? none = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                _running = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        return item.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more work, and waits for what is under way, which waits for the store only.</summary>
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
