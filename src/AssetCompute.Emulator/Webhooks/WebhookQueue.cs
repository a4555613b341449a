using System.Threading.Channels;

namespace AssetCompute.Emulator;

/// <summary>
/// The events that wait for a webhook and the deliveries in progress. Accepted events are retried until they are delivered or dropped, even if the
/// registration is disabled or deleted in the meantime.
/// </summary>
internal sealed class WebhookQueue : IAsyncDisposable
{
    private const int MostEventsOfBatch = 20;
    private const int MostBytesOfBatch = 2_000_000;

    private readonly Channel<(WebhookEvent Event, bool Yields)> _waiting = Channel.CreateUnbounded<(WebhookEvent Event, bool Yields)>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _slots;
    private readonly Func<WebhookDelivery, int, CancellationToken, Task<(int? Status, string? Problem)>> _send;
    private readonly Action<WebhookAttempt> _attempted;
    private readonly EmulatorWebhookFaults _faults;
    private readonly TimeProvider _clock;
    private readonly bool _isBatch;
    private readonly List<Task> _deliveries = [];
    private readonly Task _run;
    private WebhookEvent? _heldBack;
    private int _pending;
    private int _prune = 64;

    public WebhookQueue(
        bool isBatch,
        AssetComputeEmulatorOptions options,
        EmulatorWebhookFaults faults,
        Func<WebhookDelivery, int, CancellationToken, Task<(int? Status, string? Problem)>> send,
        Action<WebhookAttempt> attempted)
    {
        _isBatch = isBatch;
        _slots = new SemaphoreSlim(options.Webhooks.MaxConcurrency);
        _send = send;
        _attempted = attempted;
        _faults = faults;
        _clock = options.TimeProvider;
        _run = Task.Run(RunAsync);
    }

    /// <summary>The number of events that are neither delivered nor dropped.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public void Enqueue(WebhookEvent @event)
    {
        var times = _faults.DrawDuplicate() ? 2 : 1;
        Interlocked.Add(ref _pending, times);
        for (var i = 0; i < times; i++)
        {
            // Drawn when an event arrives, so that a seed gives the same result at any delivery speed.
            _waiting.Writer.TryWrite((@event, _faults.DrawReorder()));
        }
    }

    /// <summary>Cancels all deliveries and waits for those in progress.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stopping.Dispose();
        _slots.Dispose();
    }

    private async Task RunAsync()
    {
        await PumpAsync().ConfigureAwait(false);
        await Task.WhenAll(_deliveries).ConfigureAwait(false);
    }

    private async Task PumpAsync()
    {
        try
        {
            while (_heldBack is not null || await _waiting.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                await _slots.WaitAsync(_stopping.Token).ConfigureAwait(false);
                var delivery = new WebhookDelivery(Take(), _isBatch);
                _deliveries.Add(Task.Run(() => DeliverAsync(delivery)));
                if (_deliveries.Count > _prune)
                {
                    _deliveries.RemoveAll(task => task.IsCompletedSuccessfully);
                    _prune = Math.Max(64, 2 * _deliveries.Count);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator is stopping.
        }
    }

    /// <summary>Takes the events of the next delivery. There is at least one.</summary>
    private List<WebhookEvent> Take()
    {
        List<WebhookEvent> events = [TakeOne()];
        long bytes = events[0].Envelope.Length + 2;

        // The second copy of a duplicate goes into a separate delivery.
        while (_isBatch && events.Count < MostEventsOfBatch && Peek() is { } next && !events.Contains(next) && bytes + next.Envelope.Length + 1 <= MostBytesOfBatch)
        {
            bytes += next.Envelope.Length + 1;
            events.Add(TakeOne());
        }

        return events;
    }

    private WebhookEvent? Peek() => _heldBack ?? (_waiting.Reader.TryPeek(out var next) ? next.Event : null);

    private WebhookEvent TakeOne()
    {
        if (_heldBack is { } held)
        {
            _heldBack = null;
            return held;
        }

        _waiting.Reader.TryRead(out var first);
        if (first.Yields && _waiting.Reader.TryRead(out var second))
        {
            _heldBack = first.Event;
            return second.Event;
        }

        return first.Event;
    }

    private async Task DeliverAsync(WebhookDelivery delivery)
    {
        try
        {
            DateTimeOffset? first = null;
            for (var retryCount = 0; ; retryCount++)
            {
                var wait = await AttemptAsync(delivery, retryCount, first ??= _clock.GetUtcNow()).ConfigureAwait(false);
                if (wait is null)
                {
                    return;
                }

                await wait.ConfigureAwait(false);
                await _slots.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator is stopping.
        }
    }

    /// <summary>Makes an attempt in a slot that is already taken, and releases the slot.</summary>
    /// <returns>The wait until the next attempt; <see langword="null"/> if there is none.</returns>
    private async Task<Task?> AttemptAsync(WebhookDelivery delivery, int retryCount, DateTimeOffset first)
    {
        int? status;
        string? problem;
        try
        {
            (status, problem) = await _send(delivery, retryCount, _stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }

        var now = _clock.GetUtcNow();
        var isDelivered = status is >= 200 and <= 299;
        var next = !isDelivered && WebhookRetries.IsWorthIt(status) ? WebhookRetries.Next(retryCount, first, now) : null;

        // The timer is set before the attempt is published, so that whoever then advances the clock triggers it.
        var wait = next is { } due ? Task.Delay(due - now, _clock, _stopping.Token) : null;
        if (wait is null)
        {
            Interlocked.Add(ref _pending, -delivery.Events.Count);
        }

        _attempted(new WebhookAttempt
        {
            DeliveryId = delivery.Id,
            EventIds = [.. delivery.Events.Select(@event => @event.Id)],
            RetryCount = retryCount,
            Time = now,
            Status = status,
            Problem = problem,
            Outcome = isDelivered ? WebhookOutcome.Delivered : wait is null ? WebhookOutcome.Dropped : WebhookOutcome.Retrying,
            NextAttemptAt = next,
        });
        return wait;
    }
}
