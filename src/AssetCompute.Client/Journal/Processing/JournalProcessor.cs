using System.Runtime.ExceptionServices;
using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Reads a journal from its checkpoint, passes its entries to the user's handler, and saves the position before which all are handled. Entries whose attempts
/// all failed go to the dead letters. For one run.
/// </summary>
internal sealed class JournalProcessor(
    JournalReader journal,
    IJournalCheckpointStore store,
    string checkpoint,
    JournalProcessorOptions options,
    int batchSize,
    Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> handle,
    JournalState state,
    ILogger logger,
    TimeProvider timeProvider) : IDisposable
{
    /// <summary>How often a processor retries to find its journal when it starts; the same number as for later reads.</summary>
    private const int MaxOpeningRetries = 9;

    // A window of less than one batch for each handler would stop them from running in parallel.
    private readonly CommitWindow _window = new(
        Math.Max(options.CommitCount, batchSize * options.MaxParallelism),
        async position =>
        {
            await store.SaveAsync(checkpoint, position, CancellationToken.None).ConfigureAwait(false);
            state.Update(snapshot => snapshot with { Stored = position });
        },
        timeProvider);

    private readonly SemaphoreSlim _slots = new(options.MaxParallelism, options.MaxParallelism);
    private readonly CancellationTokenSource _reading = new();
    private readonly CancellationTokenSource _handling = new();
    private Exception? _failure;

    /// <summary>Runs until it is stopped, and drains the entries in progress.</summary>
    /// <exception cref="JournalException">The journal can no longer be read.</exception>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be read or saved.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        state.OldestOpen = () => _window.OldestOpen;
        Good(static snapshot => snapshot with { IsReader = true, IsBehind = true });
        try
        {
            JournalPosition start = await store.LoadAsync(checkpoint, stopping).ConfigureAwait(false) ?? options.Start;
            using (stopping.Register(static reading => ((CancellationTokenSource)reading!).Cancel(), _reading))
            {
                Task saving = SaveAtIntervalsAsync();
                await ReadAsync(start).ConfigureAwait(false);
                await DrainAsync().ConfigureAwait(false);
                await saving.ConfigureAwait(false);
            }

            await SaveAsync().ConfigureAwait(false);
            if (_failure is { } failure)
            {
                ExceptionDispatchInfo.Capture(failure).Throw();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before anything was read.
        }
        catch (Exception exception)
        {
            state.Update(snapshot => snapshot with { Failure = exception, HasEnded = true });
            JournalLog.ProcessorEnded(logger, exception, checkpoint);
            throw;
        }
    }

    public void Dispose()
    {
        _window.Dispose();
        _slots.Dispose();
        _reading.Dispose();
        _handling.Dispose();
    }

    /// <summary>Reads until the run is stopped or fails. Never throws.</summary>
    private async Task ReadAsync(JournalPosition position)
    {
        try
        {
            ResiliencePipeline opening = CreateRetry(
                "journal-opening",
                MaxOpeningRetries,
                static exception => Failure.Of(exception) is not FailureKind.None,
                (exception, _, delay) => JournalLog.Opening(logger, exception.Message, checkpoint, delay));
            ResiliencePipeline retry = CreateRetry(
                "journal-handler",
                options.MaxAttempts - 1,
                static _ => true,
                (exception, attempt, delay) => JournalLog.HandlerRetry(logger, exception, checkpoint, attempt, delay));
            JournalFeed feed = await opening.ExecuteAsync(token => journal.OpenAsync(position, options.ToReadOptions(), token), _reading.Token).ConfigureAwait(false);
            await foreach (JournalBatch batch in JournalBatch.ReadAsync(feed, position, batchSize, _reading.Token).ConfigureAwait(false))
            {
                if (batch.IsMark && batch.Position != position)
                {
                    await _window.CompleteAsync(await _window.AddAsync(batch.Position, 0, _reading.Token).ConfigureAwait(false)).ConfigureAwait(false);
                }

                if (batch.Notice is null or JournalCaughtUp)
                {
                    Good(snapshot => snapshot with { IsBehind = batch.Notice is null });
                }

                if (batch.Notice is { } notice)
                {
                    options.OnNotice?.Invoke(notice);
                }

                if (batch.Entries.Count > 0)
                {
                    await DispatchAsync(batch, retry).ConfigureAwait(false);
                }

                position = batch.Position;
            }
        }
        catch (OperationCanceledException) when (_reading.IsCancellationRequested)
        {
            // Stopped or failed: the entries in progress are drained in both cases.
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private async ValueTask DispatchAsync(JournalBatch batch, ResiliencePipeline retry)
    {
        await _slots.WaitAsync(_reading.Token).ConfigureAwait(false);
        CommitWindow.Item item;
        try
        {
            item = await _window.AddAsync(batch.Position, batch.Entries.Count, _reading.Token).ConfigureAwait(false);

            // The slot may be free because its handler failed: no later entry is started.
            _reading.Token.ThrowIfCancellationRequested();
        }
        catch (Exception)
        {
            _slots.Release();
            throw;
        }

        _ = HandleAsync(item, batch, retry);
    }

    /// <summary>Runs in its slot. A drain waits for all slots.</summary>
    private async Task HandleAsync(CommitWindow.Item item, JournalBatch batch, ResiliencePipeline retry)
    {
        try
        {
            await Task.Yield();
            await HandleAsync(batch, retry, _handling.Token).ConfigureAwait(false);
            Good(static snapshot => snapshot);
            await _window.CompleteAsync(item).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_handling.IsCancellationRequested)
        {
            // The entries stay open, and the checkpoint stays before them: they are handled again after the next start.
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async ValueTask HandleAsync(JournalBatch batch, ResiliencePipeline retry, CancellationToken cancellationToken)
    {
        JournalDeadLetter letter;
        try
        {
            if (batch.Notice is not JournalEventSkipped skipped)
            {
                await retry.ExecuteAsync(token => handle(batch.Entries, token), cancellationToken).ConfigureAwait(false);
                return;
            }

            letter = new JournalDeadLetter { Entries = batch.Entries, Attempts = 0, Exception = new JournalException(skipped.Reason) };
        }
        catch (Exception exception) when (options.OnDeadLetter is not null && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            letter = new JournalDeadLetter { Entries = batch.Entries, Attempts = options.MaxAttempts, Exception = exception };
        }

        if (options.OnDeadLetter is { } keep)
        {
            JournalLog.DeadLetter(logger, letter.Exception, checkpoint, letter.Entries.Count, letter.Attempts);
            await keep(letter, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the handlers, and cancels them after the drain timeout.</summary>
    private async Task DrainAsync()
    {
        ITimer limit = timeProvider.CreateTimer(_ => _handling.CancelAndLog(logger), state: null, options.DrainTimeout, Timeout.InfiniteTimeSpan);
        await using (limit.ConfigureAwait(false))
        {
            for (int i = 0; i < options.MaxParallelism; i++)
            {
                await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task SaveAtIntervalsAsync()
    {
        try
        {
            while (true)
            {
                await timeProvider.Delay(options.CommitInterval, _reading.Token).ConfigureAwait(false);
                await SaveAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The rest is saved after the last handler.
        }
    }

    private async Task SaveAsync()
    {
        try
        {
            await _window.SaveAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever the store throws, continuing without checkpoints would only increase the work to repeat.
            Fail(exception);
        }
    }

    private void Good(Func<JournalSnapshot, JournalSnapshot> change) => state.Update(snapshot => change(snapshot) with { LastGood = timeProvider.GetUtcNow() });

    private void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, exception, null);
        _reading.Cancel();
    }

    private ResiliencePipeline CreateRetry(string name, int retries, Func<Exception, bool> shouldRetry, Action<Exception, int, TimeSpan> log) => ResiliencePipelines.CreateRetry(
        name,
        retries,
        options.RetryDelay,
        options.MaxRetryDelay,
        shouldRetry,
        arguments =>
        {
            log(arguments.Outcome.Exception!, arguments.AttemptNumber + 1, arguments.RetryDelay);
            return default;
        },
        timeProvider);
}
