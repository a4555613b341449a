using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AssetCompute.Client.Http.Resilience;
using Polly;

namespace AssetCompute.Client.Journal;

/// <summary>
/// One endless reading of a journal. It fetches pages ahead of the consumer, retries failed reads, and keeps the position. Pages and waits run in the feed's
/// own task, which ends with the enumeration. For one enumeration.
/// </summary>
internal sealed class JournalFeed
{
    /// <summary>How many batches of entries, of 64 KiB or one event each, may wait for the consumer. This limits the memory.</summary>
    private const int BatchesAhead = 2;

    /// <summary>How many recent positions are remembered, so that a repeated page is delivered once.</summary>
    private const int KnownPositions = 16_384;

    /// <summary>How often the same page may arrive in a row before it counts as the end of the journal.</summary>
    private const int MaxStandstills = 3;

    private readonly JournalPageSource _pages;
    private readonly TimeProvider _timeProvider;
    private readonly JournalFeedSettings _settings;
    private readonly JournalTelemetry _telemetry;
    private readonly JournalCursor _cursor;
    private readonly JournalRelocation _relocation;
    private readonly ResiliencePipeline _retry;
    private readonly Channel<JournalFeedItem> _items = Channel.CreateBounded<JournalFeedItem>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _knownByAge = new();
    private int _attempts;

    public JournalFeed(JournalPageSource pages, JournalFeedSettings settings, JournalTelemetry telemetry, TimeProvider timeProvider)
    {
        _telemetry = telemetry;
        _pages = pages;
        _timeProvider = timeProvider;
        _settings = settings;
        _cursor = new JournalCursor(settings.Journal, settings.Start, settings.PageSize);
        _relocation = new JournalRelocation(settings);
        JournalOptions options = settings.Options;
        _retry = ResiliencePipelines.CreateRetry(
            "journal",
            options.MaxConsecutiveFailures - 1,
            options.RetryDelay,
            options.MaxRetryDelay,
            exception => JournalFailure.IsTransient(exception) && !(Failure.RetryAfterOf(exception) > options.MaxRetryAfter),
            arguments => NotifyAsync(
                new JournalRetrying { Position = _cursor.Position, Failures = arguments.AttemptNumber + 1, Delay = arguments.RetryDelay, Exception = arguments.Outcome.Exception! },
                arguments.Context.CancellationToken),
            timeProvider);
    }

    /// <summary>The journal that is read. It changes if the client registers again.</summary>
    public Uri Journal => _cursor.Journal;

    /// <summary>
    /// Returns the items of the journal, read ahead of the consumer, and an empty item when no more are available without a wait.
    /// </summary>
    public async IAsyncEnumerable<JournalFeedItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task producer = ProduceAsync(stop.Token);
        try
        {
            while (await _items.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_items.Reader.TryRead(out JournalFeedItem item))
                {
                    yield return item;
                    cancellationToken.ThrowIfCancellationRequested();
                }

                yield return default;
            }
        }
        finally
        {
            stop.Cancel();
            await producer.ConfigureAwait(false);
        }
    }

    /// <summary>Reads pages until the end. The consumer gets any exception, after all that was read before.</summary>
    private async Task ProduceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadPagesAsync(cancellationToken).ConfigureAwait(false);
            _items.Writer.Complete();
        }
        catch (Exception exception)
        {
            _items.Writer.Complete(exception);
        }
    }

    private async Task ReadPagesAsync(CancellationToken cancellationToken)
    {
        TimeSpan idle = _settings.Options.PollInterval;
        int standstills = 0;
        while (true)
        {
            JournalPageOutcome outcome = await ReadPageAsync(cancellationToken).ConfigureAwait(false);
            if (outcome.End is JournalPageEnd.More)
            {
                idle = _settings.Options.PollInterval;
                standstills = 0;
                continue;
            }

            if (outcome.End is JournalPageEnd.StandsStill && ++standstills < MaxStandstills)
            {
                // A repeated answer does not mean the end of the journal.
                await _timeProvider.Delay(idle, cancellationToken).ConfigureAwait(false);
                continue;
            }

            standstills = 0;
            await NotifyAsync(new JournalCaughtUp { Position = _cursor.Position }, cancellationToken).ConfigureAwait(false);
            if (_settings.StopWhenCaughtUp)
            {
                return;
            }

            TimeSpan wait = outcome.RetryAfter is { } retryAfter && retryAfter > idle ? retryAfter : idle;
            await _timeProvider.Delay(wait < _settings.Options.MaxRetryAfter ? wait : _settings.Options.MaxRetryAfter, cancellationToken).ConfigureAwait(false);
            idle = idle + idle < _settings.Options.MaxPollInterval ? idle + idle : _settings.Options.MaxPollInterval;
        }
    }

    private async ValueTask<JournalPageOutcome> ReadPageAsync(CancellationToken cancellationToken)
    {
        _attempts = 0;
        _relocation.Begin();
        try
        {
            return await _retry.ExecuteAsync(static (feed, token) => feed.TryReadPageAsync(token), this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not JournalException && !IsCancellation(exception, cancellationToken))
        {
            // A canceled request may fail with other exceptions too.
            throw cancellationToken.IsCancellationRequested
                ? new OperationCanceledException(exception.Message, exception, cancellationToken)
                : JournalFailure.Ended(_cursor.Position, _attempts, exception);
        }
    }

    private async ValueTask<JournalPageOutcome> TryReadPageAsync(CancellationToken cancellationToken)
    {
        _attempts++;
        JournalPosition before = _cursor.Position;
        try
        {
            JournalPageOutcome outcome = await _pages.ReadAsync(_cursor, _settings, DeliverAsync, cancellationToken).ConfigureAwait(false);
            _relocation.Answered();
            return outcome.End is JournalPageEnd.Expired ? await SkipGapAsync(cancellationToken).ConfigureAwait(false) : outcome;
        }
        catch (Exception exception) when (JournalFailure.IsTransient(exception) && !cancellationToken.IsCancellationRequested && _cursor.Position != before)
        {
            // The page broke in the middle, but delivered entries. That does not count as a failure in a row; reading continues after the last entry.
            await NotifyAsync(new JournalRetrying { Position = _cursor.Position, Failures = 1, Delay = TimeSpan.Zero, Exception = exception }, cancellationToken).ConfigureAwait(false);
            return new JournalPageOutcome(JournalPageEnd.More);
        }
        catch (Exception exception) when (_relocation.IsDueAfter(exception))
        {
            Uri journal = await _relocation.FindAsync(_cursor, _attempts, cancellationToken).ConfigureAwait(false);
            if (journal == _cursor.Journal)
            {
                throw;
            }

            return await MoveAsync(journal, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Continues in the new journal after the client was registered again. No position in it corresponds to a position of the old journal.</summary>
    private async ValueTask<JournalPageOutcome> MoveAsync(Uri journal, CancellationToken cancellationToken)
    {
        JournalPosition left = _cursor.Position;
        _telemetry.Moved();
        JournalPosition target = _relocation.TargetOf(left);
        _known.Clear();
        _knownByAge.Clear();
        _cursor.MoveTo(journal, target);
        if (left.Value is not null)
        {
            await NotifyAsync(new JournalGap { Position = target, Expired = left }, cancellationToken).ConfigureAwait(false);
        }

        return new JournalPageOutcome(JournalPageEnd.More);
    }

    private async ValueTask DeliverAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        List<JournalEntry> batch = [];
        JournalPosition position = default;
        foreach (JournalEntry entry in entries)
        {
            position = entry.Position == default ? position : entry.Position;
            if (entry.Position.Value is { } text && !IsNew(text))
            {
                continue;
            }

            if (entry.Problem is null)
            {
                batch.Add(entry);
                continue;
            }

            await DeliverBatchAsync(batch, cancellationToken).ConfigureAwait(false);
            batch = [];
            await NotifyAsync(new JournalEventSkipped { Position = position == default ? _cursor.Position : position, Entry = entry, Reason = entry.Problem }, cancellationToken).ConfigureAwait(false);
        }

        await DeliverBatchAsync(batch, cancellationToken).ConfigureAwait(false);
        if (position != default)
        {
            _cursor.MoveTo(position);
        }
    }

    private async ValueTask DeliverBatchAsync(List<JournalEntry> batch, CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
        {
            _telemetry.Delivered(batch);
            await _items.Writer.WriteAsync(new JournalFeedItem(batch, null), cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsNew(string position)
    {
        if (!_known.Add(position))
        {
            return false;
        }

        _knownByAge.Enqueue(position);
        if (_knownByAge.Count > KnownPositions)
        {
            _known.Remove(_knownByAge.Dequeue());
        }

        return true;
    }

    private async ValueTask<JournalPageOutcome> SkipGapAsync(CancellationToken cancellationToken)
    {
        JournalPosition expired = _cursor.Position;
        JournalPosition target = _settings.OnExpired == ExpiredPositionPolicy.Latest ? JournalPosition.Latest : JournalPosition.Oldest;
        if (_settings.OnExpired == ExpiredPositionPolicy.Throw || expired == target)
        {
            throw JournalFailure.Expired(expired);
        }

        _cursor.MoveTo(target);
        await NotifyAsync(new JournalGap { Position = target, Expired = expired }, cancellationToken).ConfigureAwait(false);
        return new JournalPageOutcome(JournalPageEnd.More);
    }

    private ValueTask NotifyAsync(JournalNotice notice, CancellationToken cancellationToken)
    {
        _telemetry.Noted(notice);
        return _items.Writer.WriteAsync(new JournalFeedItem(null, notice), cancellationToken);
    }

    private static bool IsCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
