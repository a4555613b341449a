using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AssetCompute.Client.Jobs;

/// <summary>Runs many items, a limited number at a time, and returns their results as they finish.</summary>
internal static class JobBatch
{
    /// <param name="items">The items. They are enumerated as slots become free.</param>
    /// <param name="maxInFlight">How many items can be in flight, from their start until their result is taken.</param>
    /// <param name="run">Runs one item. An exception ends the batch after the other results.</param>
    /// <param name="cancellationToken">Ends the batch.</param>
    public static async IAsyncEnumerable<TResult> RunAsync<T, TResult>(
        IAsyncEnumerable<T> items,
        int maxInFlight,
        Func<T, CancellationToken, Task<TResult>> run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using SemaphoreSlim room = new(maxInFlight, maxInFlight);
        Channel<TResult> results = Channel.CreateUnbounded<TResult>(new UnboundedChannelOptions { SingleReader = true });
        TaskCompletionSource<bool> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationToken stopping = stop.Token;
        Exception? failure = null;
        int open = 1;

        // The enumeration is not awaited after the end: one that ignores the token would block until its next item.
        _ = CountedAsync(() => StartAllAsync().WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping));
        try
        {
            while (await results.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (results.Reader.TryRead(out TResult? result))
                {
                    room.Release();
                    yield return result;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            // The enumeration may end early because of the cancellation.
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            stop.Cancel();
            await ended.Task.ConfigureAwait(false);
        }

        async Task StartAllAsync()
        {
            try
            {
                await foreach (T item in items.WithCancellation(stopping).ConfigureAwait(false))
                {
                    await room.WaitAsync(stopping).ConfigureAwait(false);
                    Interlocked.Increment(ref open);
                    _ = CountedAsync(async () =>
                    {
                        // Checked after the item was counted, so that no item starts after the end.
                        stopping.ThrowIfCancellationRequested();
                        results.Writer.TryWrite(await run(item, stopping).ConfigureAwait(false));
                    });
                }
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // No one waits for the enumeration any longer. The caller gets the cancellation.
            }
        }

        async Task CountedAsync(Func<Task> work)
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, exception, null);
            }

            if (Interlocked.Decrement(ref open) == 0)
            {
                results.Writer.TryComplete(failure);
                ended.TrySetResult(true);
            }
        }
    }

    /// <summary>Returns available items as an asynchronous sequence.</summary>
    public static async IAsyncEnumerable<T> Sequence<T>(IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            yield return item;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
