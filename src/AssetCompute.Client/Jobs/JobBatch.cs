using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AssetCompute.Client.Jobs;

/// <summary>Runs many jobs, so many at a time, and hands out their results as they finish.</summary>
internal static class JobBatch
{
    /// <param name="items">What to run; taken as there is room.</param>
    /// <param name="maxInFlight">How many may be on their way, from their start until their result is taken.</param>
    /// <param name="run">Runs one. Throws only where the whole batch is to end.</param>
    /// <param name="cancellationToken">Ends the batch.</param>
    public static async IAsyncEnumerable<RenditionJobResult> RunAsync<T>(
        IAsyncEnumerable<T> items,
        int maxInFlight,
        Func<T, CancellationToken, Task<RenditionJobResult>> run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using SemaphoreSlim room = new(maxInFlight, maxInFlight);
        Channel<RenditionJobResult> results = Channel.CreateUnbounded<RenditionJobResult>(new UnboundedChannelOptions { SingleReader = true });
        Work work = new(results.Writer);
        Task feeding = FeedAsync(items, run, room, work, stop);
        try
        {
            while (await results.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (results.Reader.TryRead(out RenditionJobResult? result))
                {
                    room.Release();
                    yield return result;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            stop.Cancel();
            await feeding.ConfigureAwait(false);
            await work.Ended.ConfigureAwait(false);
        }
    }

    private static async Task FeedAsync<T>(
        IAsyncEnumerable<T> items,
        Func<T, CancellationToken, Task<RenditionJobResult>> run,
        SemaphoreSlim room,
        Work work,
        CancellationTokenSource stop)
    {
        work.Begin();
        Exception? failure = null;
        try
        {
            await foreach (T item in items.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                await room.WaitAsync(stop.Token).ConfigureAwait(false);
                work.Begin();
                _ = RunOneAsync(item, run, work, stop.Token);
            }
        }
        catch (Exception exception)
        {
            // The source of the requests failed, or the batch was ended: the consumer gets it, after the results that are still to come.
            failure = exception;
        }

        work.End(failure);
    }

    /// <summary>Owned by <paramref name="work"/>, which is awaited before the batch ends.</summary>
    private static async Task RunOneAsync<T>(T item, Func<T, CancellationToken, Task<RenditionJobResult>> run, Work work, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            work.Add(await run(item, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        work.End(failure);
    }

    /// <summary>Counts what is under way; the last to end closes the results.</summary>
    private sealed class Work(ChannelWriter<RenditionJobResult> results)
    {
        private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _underWay;
        private Exception? _failure;

        public Task Ended => _ended.Task;

        public void Begin() => Interlocked.Increment(ref _underWay);

        public void Add(RenditionJobResult result) => results.TryWrite(result);

        public void End(Exception? failure)
        {
            if (failure is not null)
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }

            if (Interlocked.Decrement(ref _underWay) == 0)
            {
                results.TryComplete(_failure);
                _ended.TrySetResult(true);
            }
        }
    }
}
