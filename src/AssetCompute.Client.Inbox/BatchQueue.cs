using System.Threading.Channels;

namespace AssetCompute.Client.Inbox;

/// <summary>
/// Runs the work of many callers on one store in batches, one after another. Work that arrives while a batch runs is added to the next one, so that many
/// calls share one round trip and one write to the disk.
/// </summary>
internal sealed class BatchQueue<TWork, TResult>
{
    private readonly Channel<BatchItem<TWork, TResult>> _waiting = Channel.CreateUnbounded<BatchItem<TWork, TResult>>();
    private readonly Type _owner;
    private readonly Task _running;

    /// <param name="maxSize">The maximum size of a batch.</param>
    /// <param name="run">Runs a batch: calls <see cref="BatchItem{TWork, TResult}.TryStart"/> and sets the results of started items. If it throws, items
    /// without a result fail with the exception.</param>
    /// <param name="owner">The type that the exception names after the end.</param>
    public BatchQueue(int maxSize, Func<List<BatchItem<TWork, TResult>>, Task> run, Type owner)
    {
        _owner = owner;

        // A batch belongs to no caller: their traces end before the batch does.
        using AsyncFlowControl? none = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _running = Task.Run(() => RunAsync(maxSize, run));
    }

    /// <summary>Adds work. It can be canceled until it starts. After that, the call waits for the result.</summary>
    public Task<TResult> RunAsync(TWork work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BatchItem<TWork, TResult> item = new(work);
        ObjectDisposedException.ThrowIf(!_waiting.Writer.TryWrite(item), _owner);
        return item.WaitAsync(cancellationToken);
    }

    /// <summary>Accepts no more work, and waits for work in progress, which waits only for the store.</summary>
    public Task EndAsync()
    {
        _waiting.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync(int maxSize, Func<List<BatchItem<TWork, TResult>>, Task> run)
    {
        while (true)
        {
            List<BatchItem<TWork, TResult>> batch;
            try
            {
                batch = [await _waiting.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false)];
            }
            catch (ChannelClosedException)
            {
                return;
            }

            while (batch.Count < maxSize && _waiting.Reader.TryRead(out BatchItem<TWork, TResult>? item))
            {
                batch.Add(item);
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
