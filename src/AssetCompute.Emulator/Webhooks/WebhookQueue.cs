using System.Runtime.ExceptionServices;

namespace AssetCompute.Emulator;

/// <summary>
/// The events that wait for a webhook and the deliveries in progress. Accepted events are retried until they are delivered or dropped, even if the
/// registration is disabled or deleted in the meantime.
/// </summary>
internal sealed class WebhookQueue(
    bool isBatch,
    AssetComputeEmulatorOptions options,
    EmulatorEventFaults faults,
    Func<WebhookDelivery, int, CancellationToken, Task<(int? Status, string? Problem)>> send,
    Action<WebhookAttempt> attempted) : IAsyncDisposable
{
    private const int MostEventsOfBatch = 20;
    private const int MostBytesOfBatch = 2_000_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly List<WebhookEvent> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _maxConcurrency = options.Webhooks.MaxConcurrency;
    private readonly SemaphoreSlim _slots = new(options.Webhooks.MaxConcurrency);
    private readonly TimeProvider _clock = options.TimeProvider;
    private bool _lastYields;
    private ExceptionDispatchInfo? _failure;

    /// <returns>The number of times that the event is delivered.</returns>
    public int Enqueue(WebhookEvent @event)
    {
        lock (_gate)
        {
            var times = faults.DrawDuplicate() ? 2 : 1;
            for (var i = 0; i < times; i++)
            {
                // Drawn when an event arrives, so that a seed gives the same result at any delivery speed.
                var yields = faults.DrawReorder(out _);
                var passes = _lastYields && _waiting.Count > 0;
                _waiting.Insert(_waiting.Count - (passes ? 1 : 0), @event);
                _lastYields = !passes && yields;
                _ = Task.Run(DeliverAsync);
            }

            return times;
        }
    }

    /// <summary>Cancels all deliveries, waits for those in progress, and throws the first exception of one. Deliveries that have not started use the fields later, so these are not disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        for (var slot = 0; slot < _maxConcurrency; slot++)
        {
            await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _failure?.Throw();
    }

    /// <summary>Takes the events of the next delivery. Returns <see langword="null"/> if a batch took them before.</summary>
    private WebhookDelivery? Take()
    {
        lock (_gate)
        {
            var (count, bytes) = (0, 1L);

            // The second copy of a duplicate goes into a separate delivery.
            while (count < Math.Min(isBatch ? MostEventsOfBatch : 1, _waiting.Count)
                && _waiting.IndexOf(_waiting[count]) == count
                && (count == 0 || bytes + _waiting[count].Envelope.Length + 1 <= MostBytesOfBatch))
            {
                bytes += _waiting[count++].Envelope.Length + 1;
            }

            var events = _waiting.GetRange(0, count);
            _waiting.RemoveRange(0, count);
            return count == 0 ? null : new(events, isBatch, _clock.GetUtcNow());
        }
    }

    /// <summary>Delivers the events that are first when a slot is free. A wait for the next attempt takes no slot.</summary>
    private async Task DeliverAsync()
    {
        WebhookDelivery? delivery = null;
        Task? wait;
        try
        {
            for (var retryCount = 0; ; retryCount++)
            {
                await _slots.WaitAsync(_stopping.Token).ConfigureAwait(false);
                try
                {
                    delivery ??= Take();
                    wait = delivery is null ? null : await AttemptAsync(delivery, retryCount).ConfigureAwait(false);
                }
                finally
                {
                    _slots.Release();
                }

                if (wait is null)
                {
                    return;
                }

                await wait.ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator is stopping.
        }
        catch (Exception exception)
        {
            // A delivery whose outcome cannot be saved, for example on a full disk. The emulator throws it when it stops.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    /// <returns>The wait until the next attempt; <see langword="null"/> if there is none.</returns>
    private async Task<Task?> AttemptAsync(WebhookDelivery delivery, int retryCount)
    {
        var (status, problem) = await send(delivery, retryCount, _stopping.Token).ConfigureAwait(false);
        var now = _clock.GetUtcNow();
        var next = NextAttempt(status, retryCount, delivery.Time, now);

        // The timer is set before the attempt is published, so that whoever then advances the clock triggers it.
        var wait = next is { } due ? Task.Delay(due - now, _clock, _stopping.Token) : null;
        attempted(new WebhookAttempt
        {
            DeliveryId = delivery.Id,
            EventIds = [.. delivery.Events.Select(@event => @event.Id)],
            RetryCount = retryCount,
            Time = now,
            Status = status,
            Problem = problem,
            Outcome = status is >= 200 and <= 299 ? WebhookOutcome.Delivered : wait is null ? WebhookOutcome.Dropped : WebhookOutcome.Retrying,
            NextAttemptAt = next,
        });
        return wait;
    }

    /// <summary>The retry schedule: after 1, 2, 4 and 8 minutes, then every 15 minutes until 24 hours after the first attempt.</summary>
    private static DateTimeOffset? NextAttempt(int? status, int retryCount, DateTimeOffset first, DateTimeOffset now)
    {
        var next = now + (retryCount < 4 ? TimeSpan.FromMinutes(1 << retryCount) : LongestWait);
        return status is null or 429 or (>= 500 and <= 599 and not 505) && next <= first + RetryPeriod ? next : null;
    }
}
