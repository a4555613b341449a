using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AssetCompute.Client.Http.Resilience;
using Polly;

namespace AssetCompute.Client.Journal;

/// <summary>
/// One endless reading of a journal. It fetches pages ahead of the consumer, retries failed reads, and keeps the position. Pages and waits run in the feed's
/// own task, which ends with the enumeration. For one enumeration.
/// </summary>
internal sealed class JournalFeed(
    JournalPageSource pages,
    JournalCursor cursor,
    JournalOptions defaults,
    JournalReadOptions options,
    Func<Uri, CancellationToken, ValueTask<Uri>>? findAnew,
    JournalTelemetry telemetry,
    TimeProvider timeProvider)
{
    /// <summary>How many batches of entries, of 64 KiB or one event each, may wait for the consumer. This limits the memory.</summary>
    private const int BatchesAhead = 2;

    /// <summary>How often the same page may arrive in a row before it counts as the end of the journal.</summary>
    private const int MaxStandstills = 3;

    // Copied, because the caller may change its object for the next reading.
    private readonly bool _stopsWhenCaughtUp = options.StopWhenCaughtUp;
    private readonly ExpiredPositionPolicy _onExpired = options.OnExpired ?? defaults.OnExpired;

    private readonly Channel<JournalBatch> _batches = Channel.CreateBounded<JournalBatch>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });

    // Of the current read: the attempts, how many of them in a row did not find the journal, and whether the journal was looked up.
    private int _attempts;
    private int _notFound;
    private bool _hasAsked;
    private bool _hasAnswered;

    /// <summary>The journal that is read. It changes if the client registers again.</summary>
    public Uri Journal => cursor.Journal;

    /// <summary>Whether a batch is available without a wait.</summary>
    public bool HasNext => _batches.Reader.TryPeek(out _);

    /// <summary>Returns the entries and the notices of the journal, in order, read ahead of the consumer.</summary>
    public async IAsyncEnumerable<JournalBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task producer = ProduceAsync(stop.Token);
        try
        {
            while (await _batches.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_batches.Reader.TryRead(out JournalBatch batch))
                {
                    yield return batch;
                    cancellationToken.ThrowIfCancellationRequested();
                }
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
            _batches.Writer.Complete();
        }
        catch (Exception exception)
        {
            _batches.Writer.Complete(exception);
        }
    }

    private async Task ReadPagesAsync(CancellationToken cancellationToken)
    {
        ResiliencePipeline retry = ResiliencePipelines.CreateRetry(
            "journal",
            defaults.MaxConsecutiveFailures - 1,
            defaults.RetryDelay,
            defaults.MaxRetryDelay,
            exception => JournalFailure.IsTransient(exception) && !(Failure.RetryAfterOf(exception) > defaults.MaxRetryAfter),
            arguments => NotifyRetryAsync(arguments.AttemptNumber + 1, arguments.RetryDelay, arguments.Outcome.Exception!, arguments.Context.CancellationToken),
            timeProvider);
        TimeSpan idle = defaults.PollInterval;
        int standstills = 0;
        while (true)
        {
            Uri before = cursor.Url;
            (bool hasPage, TimeSpan? retryAfter) = await ReadPageAsync(retry, cancellationToken).ConfigureAwait(false);
            if (hasPage && cursor.Url != before)
            {
                (idle, standstills) = (defaults.PollInterval, 0);
                continue;
            }

            if (hasPage && ++standstills < MaxStandstills)
            {
                // A page that leads back to itself does not mean the end of the journal.
                await timeProvider.Delay(idle, cancellationToken).ConfigureAwait(false);
                continue;
            }

            standstills = 0;
            await NotifyAsync(new JournalCaughtUp { Position = cursor.Position }, cancellationToken).ConfigureAwait(false);
            if (_stopsWhenCaughtUp)
            {
                return;
            }

            TimeSpan wait = retryAfter > idle ? retryAfter.Value : idle;
            await timeProvider.Delay(wait < defaults.MaxRetryAfter ? wait : defaults.MaxRetryAfter, cancellationToken).ConfigureAwait(false);
            idle = idle + idle < defaults.MaxPollInterval ? idle + idle : defaults.MaxPollInterval;
        }
    }

    private async ValueTask<(bool HasPage, TimeSpan? RetryAfter)> ReadPageAsync(ResiliencePipeline retry, CancellationToken cancellationToken)
    {
        (_attempts, _notFound, _hasAsked) = (0, 0, false);
        try
        {
            return await retry.ExecuteAsync(static (feed, token) => feed.TryReadPageAsync(token), this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not JournalException { PositionIsLost: true })
        {
            // A canceled request may fail with any exception.
            cancellationToken.ThrowIfCancellationRequested();
            throw JournalFailure.Ended(cursor.Position, _attempts, exception);
        }
    }

    private async ValueTask<(bool HasPage, TimeSpan? RetryAfter)> TryReadPageAsync(CancellationToken cancellationToken)
    {
        _attempts++;
        JournalPosition before = cursor.Position;
        try
        {
            (bool HasPage, TimeSpan? RetryAfter) read = await pages.ReadAsync(cursor, DeliverAsync, cancellationToken).ConfigureAwait(false);
            _hasAnswered = true;
            return read;
        }
        catch (JournalException expired) when (expired.PositionIsLost)
        {
            _hasAnswered = true;
            await SkipGapAsync(cursor.Journal, expired, cancellationToken).ConfigureAwait(false);
            return (true, null);
        }
        catch (Exception exception) when (JournalFailure.IsTransient(exception) && !cancellationToken.IsCancellationRequested && cursor.Position != before)
        {
            // The page broke in the middle, but delivered entries. That does not count as a failure in a row; reading continues after the last entry.
            await NotifyRetryAsync(1, TimeSpan.Zero, exception, cancellationToken).ConfigureAwait(false);
            return (true, null);
        }
        catch (Exception exception)
        {
            _notFound = exception is AssetComputeException { StatusCode: HttpStatusCode.NotFound } ? _notFound + 1 : 0;

            // Only for the account's own journal, and not at the first 404, which may be transient: a lookup registers the client, and would undo an
            // unregistration.
            if (findAnew is not null
                && !_hasAsked
                && _notFound >= Math.Min(2, defaults.MaxConsecutiveFailures)
                && await MoveAsync(cancellationToken).ConfigureAwait(false))
            {
                return (true, null);
            }

            throw;
        }
    }

    /// <summary>
    /// Looks up the account's journal. If the client was registered again, continues in its new journal, where no position corresponds to one of the old
    /// journal.
    /// </summary>
    /// <returns>Whether there is another journal.</returns>
    private async ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        JournalPosition left = cursor.Position;
        Uri journal = await findAnew!(cursor.Journal, cancellationToken).ConfigureAwait(false);
        _hasAsked = true;
        if (journal == cursor.Journal)
        {
            return false;
        }

        telemetry.Moved();
        if (left.Value is null)
        {
            // A reader that still waits for the first event of the old journal misses none of the new journal.
            cursor.MoveTo(journal, _hasAnswered && left == JournalPosition.Latest ? JournalPosition.Oldest : left);
        }
        else
        {
            await SkipGapAsync(journal, JournalFailure.Moved(left), cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Continues where the policy says, because the position is lost.</summary>
    /// <exception cref="JournalException">The policy is to throw.</exception>
    private ValueTask SkipGapAsync(Uri journal, JournalException lost, CancellationToken cancellationToken)
    {
        JournalPosition left = cursor.Position;
        JournalPosition target = _onExpired == ExpiredPositionPolicy.Latest ? JournalPosition.Latest : JournalPosition.Oldest;
        if (_onExpired == ExpiredPositionPolicy.Throw || left == target)
        {
            throw lost;
        }

        cursor.MoveTo(journal, target);
        return NotifyAsync(new JournalGap { Position = target, Expired = left }, cancellationToken);
    }

    private async ValueTask DeliverAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        List<JournalEntry> batch = [];
        JournalPosition position = cursor.Position;
        foreach (JournalEntry entry in entries)
        {
            JournalPosition next = entry.Position == default ? position : entry.Position;
            bool isNew = entry.Position.Value is not { } text || cursor.Add(text);
            if (isNew && entry.Problem is { } reason)
            {
                await DeliverAsync(batch, position, cancellationToken).ConfigureAwait(false);
                batch = [];
                await NotifyAsync(new JournalEventSkipped { Position = next, Entry = entry, Reason = reason }, cancellationToken).ConfigureAwait(false);
            }
            else if (isNew)
            {
                batch.Add(entry);
            }

            position = next;
        }

        await DeliverAsync(batch, position, cancellationToken).ConfigureAwait(false);
        if (entries.Any(static entry => entry.Position != default))
        {
            cursor.MoveTo(position);
        }
    }

    private async ValueTask DeliverAsync(List<JournalEntry> batch, JournalPosition position, CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
        {
            telemetry.Delivered(batch);
            await _batches.Writer.WriteAsync(new JournalBatch(batch, position), cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask NotifyRetryAsync(int failures, TimeSpan delay, Exception exception, CancellationToken cancellationToken) =>
        NotifyAsync(new JournalRetrying { Position = cursor.Position, Failures = failures, Delay = delay, Exception = exception }, cancellationToken);

    private ValueTask NotifyAsync(JournalNotice notice, CancellationToken cancellationToken)
    {
        telemetry.Noted(notice);
        return _batches.Writer.WriteAsync(new JournalBatch([], notice.Position, notice), cancellationToken);
    }
}
