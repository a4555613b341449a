using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Passes the entries of a journal to the user's handler, starting at its checkpoint. Entries whose attempts all failed go to the dead letters.
/// </summary>
internal sealed class JournalProcessor : JournalPump
{
    /// <summary>How often a processor retries to find its journal when it starts; the same number as for later reads.</summary>
    private const int MaxOpeningRetries = 9;

    private readonly IJournalCheckpointStore _store;
    private readonly string _checkpoint;
    private readonly JournalProcessorOptions _options;
    private readonly Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> _handle;
    private readonly JournalState<JournalProcessorSnapshot> _state;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _opening;

    public JournalProcessor(
        JournalReader journal,
        IJournalCheckpointStore store,
        string checkpoint,
        JournalProcessorOptions options,
        int batchSize,
        Func<IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> handle,
        JournalState<JournalProcessorSnapshot> state,
        ILogger logger,
        TimeProvider timeProvider)
        : base(journal, options, batchSize, logger, timeProvider)
    {
        _store = store;
        _checkpoint = checkpoint;
        _options = options;
        _handle = handle;
        _state = state;
        _logger = logger;
        _timeProvider = timeProvider;
        state.OldestOpen = () => OldestOpen;
        _opening = CreateRetry(
            "journal-opening",
            MaxOpeningRetries,
            static exception => Failure.Of(exception) is not FailureKind.None,
            (exception, _, delay) => JournalLog.Opening(logger, exception.Message, checkpoint, delay));
        _retry = CreateRetry(
            "journal-handler",
            options.MaxAttempts - 1,
            static _ => true,
            (exception, attempt, delay) => JournalLog.HandlerRetry(logger, exception, checkpoint, attempt, delay));
    }

    /// <summary>Runs until it is stopped, and drains the entries in progress.</summary>
    /// <exception cref="JournalException">The journal can no longer be read.</exception>
    /// <exception cref="JournalCheckpointException">The checkpoint cannot be read or saved.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        _state.Update(snapshot => snapshot with { StartedAt = _timeProvider.GetUtcNow() });
        try
        {
            await PumpAsync(await _store.LoadAsync(_checkpoint, stopping).ConfigureAwait(false) ?? _options.Start, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before anything was read.
        }
        catch (Exception exception)
        {
            _state.Update(snapshot => snapshot with { Failure = exception });
            JournalLog.ProcessorEnded(_logger, exception, _checkpoint);
            throw;
        }
    }

    protected override ValueTask<JournalFeed> OpenAsync(JournalPosition start, CancellationToken cancellationToken) =>
        _opening.ExecuteAsync(token => base.OpenAsync(start, token), cancellationToken);

    protected override async Task HandleAsync(JournalEntry[] entries, JournalPosition position, CancellationToken cancellationToken)
    {
        try
        {
            await _retry.ExecuteAsync(token => _handle(entries, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (_options.OnDeadLetter is not null && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            await DeadLetterAsync(entries, _options.MaxAttempts, exception, cancellationToken).ConfigureAwait(false);
        }

        _state.Update(snapshot => snapshot with { LastHandled = _timeProvider.GetUtcNow() });
    }

    protected override async Task SkipAsync(JournalEventSkipped skipped, CancellationToken cancellationToken)
    {
        if (_options.OnDeadLetter is not null)
        {
            await DeadLetterAsync([skipped.Entry], attempts: 0, new JournalException(skipped.Reason), cancellationToken).ConfigureAwait(false);
        }

        _state.Update(snapshot => snapshot with { LastHandled = _timeProvider.GetUtcNow() });
    }

    protected override async ValueTask SaveAsync(JournalPosition position)
    {
        await _store.SaveAsync(_checkpoint, position, CancellationToken.None).ConfigureAwait(false);
        _state.Update(snapshot => snapshot with { Committed = position });
    }

    protected override void Read(JournalFeedItem item)
    {
        DateTimeOffset now = _timeProvider.GetUtcNow();
        if (item.Entries is not null)
        {
            _state.Update(snapshot => snapshot with { LastRead = now, IsBehind = true });
        }
        else if (item.Notice is JournalCaughtUp)
        {
            _state.Update(snapshot => snapshot with { LastRead = now, LastCaughtUp = now, IsBehind = false });
        }
    }

    private async ValueTask DeadLetterAsync(JournalEntry[] entries, int attempts, Exception exception, CancellationToken cancellationToken)
    {
        JournalLog.DeadLetter(_logger, exception, _checkpoint, entries.Length, attempts);
        await _options.OnDeadLetter!(new JournalDeadLetter { Entries = entries, Attempts = attempts, Exception = exception }, cancellationToken).ConfigureAwait(false);
    }

    private ResiliencePipeline CreateRetry(string name, int retries, Func<Exception, bool> shouldRetry, Action<Exception, int, TimeSpan> log) => ResiliencePipelines.CreateRetry(
        name,
        retries,
        _options.RetryDelay,
        _options.MaxRetryDelay,
        shouldRetry,
        arguments =>
        {
            log(arguments.Outcome.Exception!, arguments.AttemptNumber + 1, arguments.RetryDelay);
            return default;
        },
        _timeProvider);
}
