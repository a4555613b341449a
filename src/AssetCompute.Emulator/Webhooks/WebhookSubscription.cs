namespace AssetCompute.Emulator;

/// <summary>The webhook of a registration: its challenge, its status, what it is sent and what it answered.</summary>
internal sealed class WebhookSubscription(
    Uri url,
    bool isBatch,
    WebhookSender sender,
    EmulatorWebhookFaults faults,
    AssetComputeEmulatorOptions options,
    Func<string, Uri> validationUrl,
    Action changed)
{
    private static readonly TimeSpan ValidationPeriod = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Queue<WebhookAttempt> _attempts = new();

    /// <summary>The last one is that of the time when the webhook was last enabled; it is stopped unless events are delivered. Those before it are about to end.</summary>
    private readonly List<WebhookQueue> _queues = [];

    private bool _isDelivering;
    private bool _hasEnded;
    private WebhookHealth _health = new(options.Webhooks.UnstablePeriod);
    private EventRegistrationStatus _status = EventRegistrationStatus.Disabled;
    private string? _statusReason;
    private string? _challenge;
    private DateTimeOffset _validateUntil;

    public Uri Url => url;

    public EventRegistrationStatus Status
    {
        get
        {
            lock (_gate)
            {
                return CurrentStatus();
            }
        }
    }

    public string? StatusReason
    {
        get
        {
            lock (_gate)
            {
                CurrentStatus();
                return _statusReason;
            }
        }
    }

    public IReadOnlyList<WebhookAttempt> Attempts
    {
        get
        {
            lock (_gate)
            {
                return [.. _attempts];
            }
        }
    }

    public int PendingEvents
    {
        get
        {
            lock (_gate)
            {
                return Queue?.Pending ?? 0;
            }
        }
    }

    private WebhookQueue? Queue => _isDelivering ? _queues[^1] : null;

    public async Task EnableAsync(CancellationToken cancellationToken)
    {
        var challenge = Guid.NewGuid().ToString("D");
        var (isMet, isAnswered, problem) = await sender.ChallengeAsync(url, challenge, cancellationToken);
        if (isMet)
        {
            Activate();
            return;
        }

        lock (_gate)
        {
            StopQueue();
            _status = isAnswered ? EventRegistrationStatus.PendingValidation : EventRegistrationStatus.Disabled;
            _statusReason = problem;
            _challenge = challenge;
            _validateUntil = options.TimeProvider.GetUtcNow() + ValidationPeriod;
        }

        changed();
        if (isAnswered)
        {
            await sender.PostValidationUrlAsync(url, validationUrl(challenge), cancellationToken);
        }
    }

    /// <summary>Somebody got the validation URL.</summary>
    /// <returns>Whether it was waited for.</returns>
    public bool Validate(string challenge)
    {
        lock (_gate)
        {
            if (CurrentStatus() != EventRegistrationStatus.PendingValidation || challenge != _challenge)
            {
                return false;
            }
        }

        Activate();
        return true;
    }

    /// <summary>Begins to deliver, unless that has ended for good.</summary>
    public void Activate()
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            StopQueue();
            _queues.RemoveAll(static queue => queue.HasEnded);
            _queues.Add(new(isBatch, options, faults, (delivery, retryCount, cancellationToken) => sender.PostAsync(url, delivery, retryCount, cancellationToken), Attempted));
            _isDelivering = true;
            _health = new(options.Webhooks.UnstablePeriod);
            _status = EventRegistrationStatus.Active;
            _statusReason = null;
        }

        changed();
    }

    public void Disable(string reason)
    {
        lock (_gate)
        {
            StopQueue();
            _status = EventRegistrationStatus.Disabled;
            _statusReason = reason;
        }

        changed();
    }

    /// <summary>Has an event delivered, if the webhook gets any.</summary>
    public void Enqueue(WebhookEvent @event)
    {
        lock (_gate)
        {
            Queue?.Enqueue(@event);
        }
    }

    /// <summary>Ends deliveries for good and waits until none is under way.</summary>
    public async Task StopAsync()
    {
        WebhookQueue[] queues;
        lock (_gate)
        {
            StopQueue();
            _hasEnded = true;
            queues = [.. _queues];
            _queues.Clear();
        }

        foreach (var queue in queues)
        {
            await queue.DisposeAsync();
        }
    }

    private void StopQueue()
    {
        Queue?.Stop();
        _isDelivering = false;
    }

    private void Attempted(WebhookQueue queue, WebhookAttempt attempt)
    {
        lock (_gate)
        {
            _attempts.Enqueue(attempt);
            if (_attempts.Count > options.Webhooks.AttemptCapacity)
            {
                _attempts.Dequeue();
            }

            if (queue == Queue)
            {
                _status = _health.Note(attempt.Time, attempt.Outcome != WebhookOutcome.Delivered);
                _statusReason = _status == EventRegistrationStatus.Active ? null : "At least 80 % of the attempts of the last 24 hours failed.";
                if (_status == EventRegistrationStatus.Disabled)
                {
                    StopQueue();
                }
            }
        }

        changed();
    }

    private EventRegistrationStatus CurrentStatus()
    {
        if (_status == EventRegistrationStatus.PendingValidation && options.TimeProvider.GetUtcNow() >= _validateUntil)
        {
            _status = EventRegistrationStatus.Disabled;
            _statusReason = "Nobody got the validation URL within 5 minutes.";
        }

        return _status;
    }
}
