using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>The webhook of a registration: its challenge, its status, its deliveries and its responses.</summary>
internal sealed class WebhookSubscription(
    Uri url,
    bool isBatch,
    WebhookSender sender,
    EmulatorEventFaults faults,
    AssetComputeEmulatorOptions options,
    Func<string, Uri> validationUrl,
    Action changed)
{
    private static readonly TimeSpan ValidationPeriod = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Queue<WebhookAttempt> _attempts = new();

    /// <summary>Created with the first event. A registration whose webhook never answers its challenge needs no queue.</summary>
    private WebhookQueue? _queue;

    private bool _isRemoved;
    private WebhookHealth _health = new(options.Webhooks.UnstablePeriod);
    private EventRegistrationStatus _status = EventRegistrationStatus.Disabled;
    private string? _statusReason;
    private string? _challenge;
    private DateTimeOffset _validateUntil;

    public Uri Url => url;

    public EventRegistrationStatus Status => Locked(CurrentStatus);

    public string? StatusReason => Locked(() => CurrentStatus() == EventRegistrationStatus.Active ? null : _statusReason);

    public IReadOnlyList<WebhookAttempt> Attempts => Locked(() => _attempts.ToArray());

    public int PendingEvents => Locked(() => _queue?.Pending ?? 0);

    public async Task EnableAsync(CancellationToken cancellationToken)
    {
        var challenge = Guid.NewGuid().ToString("D");
        if (await sender.ChallengeAsync(url, challenge, cancellationToken).ConfigureAwait(false) is not { } problem)
        {
            Activate();
            return;
        }

        // Set this before the URL is sent, because the receiver may open it immediately.
        Change(EventRegistrationStatus.PendingValidation, problem, () =>
        {
            _challenge = challenge;
            _validateUntil = options.TimeProvider.GetUtcNow() + ValidationPeriod;
            return true;
        });
        var (status, unsent) = await sender.PostValidationUrlAsync(url, validationUrl(challenge), cancellationToken).ConfigureAwait(false);
        if (status != StatusCodes.Status200OK)
        {
            Change(
                EventRegistrationStatus.Disabled,
                $"{problem} The validation URL was not taken: {unsent ?? $"status {status}"}.",
                () => _status == EventRegistrationStatus.PendingValidation && _challenge == challenge);
        }
    }

    /// <summary>Confirms the registration when somebody opens the validation URL.</summary>
    /// <returns>Whether the registration was waiting for it.</returns>
    public bool Validate(string challenge)
    {
        var isAwaited = Locked(() => CurrentStatus() == EventRegistrationStatus.PendingValidation && challenge == _challenge);
        if (isAwaited)
        {
            Activate();
        }

        return isAwaited;
    }

    /// <summary>Starts deliveries, unless the registration was removed.</summary>
    public void Activate() => Change(EventRegistrationStatus.Active, null, () =>
    {
        _health = new(options.Webhooks.UnstablePeriod);
        return !_isRemoved;
    });

    /// <summary>Stops the delivery of new events. Like Adobe, it still retries events that arrived before.</summary>
    public void Disable(string reason, bool forEver = false) => Change(EventRegistrationStatus.Disabled, reason, () =>
    {
        _isRemoved |= forEver;
        return true;
    });

    /// <summary>Queues an event for delivery if the webhook is active.</summary>
    public void Enqueue(WebhookEvent @event)
    {
        lock (_gate)
        {
            if (CurrentStatus() is EventRegistrationStatus.Active or EventRegistrationStatus.Unstable)
            {
                _queue ??= new(isBatch, options, faults, (delivery, retryCount, cancellationToken) => sender.PostAsync(url, delivery, retryCount, cancellationToken), Attempted);
                _queue.Enqueue(@event);
            }
        }
    }

    /// <summary>Stops all deliveries and waits for those in progress.</summary>
    public async Task StopAsync()
    {
        // Nobody is told, because the registration stays enabled for the next run of the emulator.
        lock (_gate)
        {
            (_isRemoved, _status) = (true, EventRegistrationStatus.Disabled);
        }

        if (_queue is not null)
        {
            await _queue.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Attempted(WebhookAttempt attempt)
    {
        lock (_gate)
        {
            _attempts.Enqueue(attempt);
            if (_attempts.Count > options.Webhooks.AttemptCapacity)
            {
                _attempts.Dequeue();
            }

            // Retries of earlier events don't enable the webhook again.
            if (_status is EventRegistrationStatus.Active or EventRegistrationStatus.Unstable)
            {
                _status = _health.Note(attempt.Time, attempt.Outcome != WebhookOutcome.Delivered);
                _statusReason = _status == EventRegistrationStatus.Active ? null : "At least 80 % of the attempts of the last 24 hours failed.";
            }
        }

        changed();
    }

    private void Change(EventRegistrationStatus status, string? reason, Func<bool> prepare)
    {
        lock (_gate)
        {
            if (!prepare())
            {
                return;
            }

            (_status, _statusReason) = (status, reason);
        }

        changed();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private EventRegistrationStatus CurrentStatus()
    {
        if (_status == EventRegistrationStatus.PendingValidation && options.TimeProvider.GetUtcNow() >= _validateUntil)
        {
            (_status, _statusReason) = (EventRegistrationStatus.Disabled, "Nobody got the validation URL within 5 minutes.");
        }

        return _status;
    }
}
