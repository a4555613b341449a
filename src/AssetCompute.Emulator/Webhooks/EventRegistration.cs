using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A registration at Adobe I/O Events for the events of AEM: a journal of its own, and perhaps a webhook. Safe for use by many threads.</summary>
public sealed class EventRegistration
{
    private static readonly TimeSpan ValidationPeriod = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly EventRegistrationSettings _settings;
    private readonly EventJournal _journal;
    private readonly WebhookSender _sender;
    private readonly AssetComputeEmulatorOptions _options;
    private readonly EmulatorWebhookFaults _faults;
    private readonly Func<Uri> _origin;
    private readonly Action<EventRegistration> _changed;
    private readonly Queue<WebhookAttempt> _attempts = new();
    private readonly List<(Func<EventRegistration, bool> Condition, TaskCompletionSource Met)> _waiters = [];

    /// <summary>One for each time that the webhook was enabled; all but the last are stopped, and that one too unless events are delivered.</summary>
    private readonly List<WebhookQueue> _queues = [];

    private bool _isDelivering;
    private WebhookHealth _health;
    private EventRegistrationStatus _status;
    private string? _statusReason;
    private string? _challenge;
    private DateTimeOffset _validateUntil;

    internal EventRegistration(EventRegistrationSettings settings, EventJournal journal, WebhookSender sender, EmulatorWebhookFaults faults,
        AssetComputeEmulatorOptions options, Func<Uri> origin, Action<EventRegistration> changed)
    {
        _settings = settings;
        _journal = journal;
        _sender = sender;
        _faults = faults;
        _options = options;
        _origin = origin;
        _changed = changed;
        _health = new(options.Webhooks.UnstablePeriod);
        _status = settings.WebhookUrl is null ? EventRegistrationStatus.Active : EventRegistrationStatus.Disabled;
    }

    /// <summary>The registration's id.</summary>
    public string Id => _journal.Registration.JournalId.ToString("D");

    /// <summary>The name for the web page.</summary>
    public string Name => _settings.Name;

    /// <summary>The client that registered: the recipient of the events.</summary>
    public string ClientId => _journal.Registration.ClientId;

    /// <summary>The journal. It gets every event, whatever becomes of the webhook.</summary>
    public Uri JournalUrl => new(_origin(), _journal.Registration.JournalPath);

    /// <summary>The webhook, or <see langword="null"/>.</summary>
    public Uri? WebhookUrl => _settings.WebhookUrl;

    /// <summary>Whether a delivery holds several events.</summary>
    public bool IsBatch => _settings.Batch;

    /// <summary>The form of the events.</summary>
    public EventForm Form => _settings.Form;

    /// <summary>The events that are wanted.</summary>
    public IReadOnlyCollection<AemEventKind> Events => _settings.Events;

    /// <summary>How many events the journal holds.</summary>
    public long JournalCount => _journal.Count;

    /// <summary>Whether the webhook gets events.</summary>
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

    /// <summary>Why <see cref="Status"/> is not <see cref="EventRegistrationStatus.Active"/>, or <see langword="null"/>.</summary>
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

    /// <summary>The newest attempts to deliver, oldest first, up to <see cref="EmulatorWebhookOptions.AttemptCapacity"/>.</summary>
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

    /// <summary>How many events wait for the webhook, for their first attempt or another one.</summary>
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

    internal string OrganizationId => _journal.Registration.OrganizationId;

    internal Guid JournalId => _journal.Registration.JournalId;

    internal DateTimeOffset RegisteredAt => _journal.Registration.RegisteredAt;

    /// <summary>
    /// Waits until the registration satisfies a condition, such as <c>it => it.PendingEvents == 0</c>. After an attempt is in
    /// <see cref="Attempts"/>, the timer of the next one stands: turning the clock to <see cref="WebhookAttempt.NextAttemptAt"/> makes it.
    /// </summary>
    /// <param name="condition">The condition. It is asked now, after every attempt and whenever the status changes, and must not wait for anything.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A task that ends when the condition is met.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task WaitAsync(Func<EventRegistration, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition(this))
            {
                return;
            }

            _waiters.Add((condition, met));
        }

        try
        {
            await met.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.RemoveAll(waiter => waiter.Met == met);
            }
        }
    }

    /// <summary>
    /// Asks the webhook for the answer to a new challenge, and has it get events from now on; those that came while it got none stay in
    /// the journal alone. Attempts of before no longer count.
    /// </summary>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The status: <see cref="EventRegistrationStatus.Active"/> when the challenge was met.</returns>
    public async Task<EventRegistrationStatus> EnableAsync(CancellationToken cancellationToken = default)
    {
        if (WebhookUrl is null)
        {
            return EventRegistrationStatus.Active;
        }

        var challenge = Guid.NewGuid().ToString("D");
        var (isMet, isAnswered, problem) = await _sender.ChallengeAsync(WebhookUrl, challenge, cancellationToken);
        if (isMet)
        {
            Activate();
            return Status;
        }

        if (!isAnswered)
        {
            Disable(problem);
            return Status;
        }

        lock (_gate)
        {
            _challenge = challenge;
            _validateUntil = _options.TimeProvider.GetUtcNow() + ValidationPeriod;
        }

        Become(EventRegistrationStatus.PendingValidation, problem);
        await _sender.PostValidationUrlAsync(WebhookUrl, new Uri(_origin(), $"/csm/registrations/validate?id={Id}&challenge={challenge}"), cancellationToken);
        return Status;
    }

    /// <summary>Ends deliveries to the webhook, as the rule for failing ones does. What waits for it is given up; the journal has it.</summary>
    public void Disable() => Disable("It was disabled by hand.");

    /// <summary>Somebody got the validation URL.</summary>
    /// <returns>Whether the registration waited for it.</returns>
    internal bool Validate(string challenge)
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

    /// <summary>Takes up deliveries where an earlier run of the emulator had a webhook that answered its challenge.</summary>
    internal void Activate()
    {
        lock (_gate)
        {
            _health = new(_options.Webhooks.UnstablePeriod);
            StopQueue();
            _queues.Add(new(IsBatch, _options, _faults, (delivery, retryCount, cancellationToken) => _sender.PostAsync(WebhookUrl!, delivery, retryCount, cancellationToken), Attempted));
            _isDelivering = true;
        }

        Become(EventRegistrationStatus.Active, null);
    }

    internal void Deliver(JsonObject @event, string code)
    {
        _journal.Append(JsonText.ToBytes(@event));
        lock (_gate)
        {
            if (Queue is { } queue)
            {
                var id = Guid.NewGuid().ToString("D");
                queue.Enqueue(new(id, code, JsonText.ToBytes(EventEnvelope.Of(@event, Form, id, ClientId))));
            }
        }

        Tell();
    }

    /// <summary>Ends deliveries and waits until none is under way.</summary>
    internal async Task StopAsync()
    {
        WebhookQueue[] stopped;
        lock (_gate)
        {
            StopQueue();
            stopped = [.. _queues];
            _queues.Clear();
        }

        foreach (var queue in stopped)
        {
            await queue.DisposeAsync();
        }
    }

    private void Disable(string? reason)
    {
        if (WebhookUrl is null)
        {
            return;
        }

        lock (_gate)
        {
            StopQueue();
        }

        Become(EventRegistrationStatus.Disabled, reason);
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
            if (_attempts.Count > _options.Webhooks.AttemptCapacity)
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

        Tell();
    }

    private EventRegistrationStatus CurrentStatus()
    {
        if (_status == EventRegistrationStatus.PendingValidation && _options.TimeProvider.GetUtcNow() >= _validateUntil)
        {
            _status = EventRegistrationStatus.Disabled;
            _statusReason = "Nobody got the validation URL within 5 minutes.";
        }

        return _status;
    }

    private void Become(EventRegistrationStatus status, string? reason)
    {
        lock (_gate)
        {
            _status = status;
            _statusReason = reason;
        }

        Tell();
    }

    private void Tell()
    {
        lock (_gate)
        {
            foreach (var (condition, met) in _waiters)
            {
                if (condition(this))
                {
                    met.TrySetResult();
                }
            }
        }

        _changed(this);
    }
}
