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
        // Disposed by the last who needs it: the caller's own enumeration may take its time to end.
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        SemaphoreSlim room = new(maxInFlight, maxInFlight);
        Channel<RenditionJobResult> results = Channel.CreateUnbounded<RenditionJobResult>(new UnboundedChannelOptions { SingleReader = true });
        Work work = new(results.Writer, stop);
        _ = FeedAsync(items, run, room, work, stop);
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
            // The jobs are awaited. The caller's enumeration is not: one that takes no notice of the token would hold the end up for as long
            // as it waits for its next request.
            stop.Cancel();
            await work.JobsEnded().ConfigureAwait(false);
        }
    }

    private static async Task FeedAsync<T>(
        IAsyncEnumerable<T> items,
        Func<T, CancellationToken, Task<RenditionJobResult>> run,
        SemaphoreSlim room,
        Work work,
        CancellationTokenSource stop)
    {
        Exception? failure = null;
        try
        {
            await foreach (T item in items.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                await room.WaitAsync(stop.Token).ConfigureAwait(false);
                if (!work.TryBegin())
                {
                    break;
                }

                _ = RunOneAsync(item, run, work, stop.Token);
            }
        }
        catch (Exception exception)
        {
            // The source of the requests failed, or the batch was ended: the consumer gets it, after the results that are still to come.
            failure = exception;
        }

        work.FeedEnded(failure);
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
    private sealed class Work(ChannelWriter<RenditionJobResult> results, CancellationTokenSource stop)
    {
        private readonly object _lock = new();
        private readonly TaskCompletionSource<bool> _jobsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _underWay;
        private bool _isClosed;
        private bool _feedEnded;
        private Exception? _failure;

        /// <summary>Lets no job begin any more, and completes when those that have begun have ended.</summary>
        public Task<bool> JobsEnded()
        {
            lock (_lock)
            {
                _isClosed = true;
                Settle(failure: null);
                return _jobsEnded.Task;
            }
        }

        public bool TryBegin()
        {
            lock (_lock)
            {
                _underWay += _isClosed ? 0 : 1;
                return !_isClosed;
            }
        }

        public void Add(RenditionJobResult result) => results.TryWrite(result);

        public void End(Exception? failure)
        {
            lock (_lock)
            {
                _underWay--;
                Settle(failure);
            }
        }

        public void FeedEnded(Exception? failure)
        {
            lock (_lock)
            {
                _feedEnded = true;
                Settle(failure);
            }
        }

        private void Settle(Exception? failure)
        {
            _failure ??= failure;
            if (_underWay > 0)
            {
                return;
            }

            if (_feedEnded)
            {
                results.TryComplete(_failure);
            }

            if (_isClosed)
            {
                _jobsEnded.TrySetResult(true);
            }

            if (_feedEnded && _isClosed)
            {
                stop.Dispose();
            }
        }
    }
}
