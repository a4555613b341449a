using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>A registration at Adobe I/O Events for AEM events. It has a journal and, optionally, a webhook. Thread-safe.</summary>
public sealed class EventRegistration
{
    private static readonly TimeSpan ValidationPeriod = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly EventRegistrationSettings _settings;
    private readonly EventJournal _journal;
    private readonly EmulatorEventRegistrations _owner;
    private readonly AssetComputeEmulatorOptions _options;
    private readonly Waiters<EventRegistration> _waiters;
    private readonly ConcurrentQueue<WebhookAttempt> _attempts = new();

    /// <summary>Created with the first event. A registration whose webhook never answers its challenge needs no queue.</summary>
    private WebhookQueue? _queue;

    private WebhookHealth _health;
    private EventRegistrationStatus _status;
    private string? _statusReason;
    private string? _challenge;
    private DateTimeOffset _validateUntil;
    private bool _isRemoved;

    internal EventRegistration(EventRegistrationSettings settings, EventJournal journal, EmulatorEventRegistrations owner, bool isEnabled)
    {
        _settings = settings;
        _journal = journal;
        _owner = owner;
        _options = owner.Options;
        _waiters = new(_gate);
        _health = new(_options.Webhooks.UnstablePeriod);
        _status = isEnabled ? EventRegistrationStatus.Active : EventRegistrationStatus.Disabled;
    }

    /// <summary>The id of the registration.</summary>
    public string Id => JournalId.ToString("D");

    /// <summary>The name on the web page.</summary>
    public string Name => _settings.Name;

    /// <summary>The client that registered and that gets the events.</summary>
    public string ClientId => _journal.Registration.ClientId;

    /// <summary>The URL of the journal. The journal gets every event, with or without a webhook.</summary>
    public Uri JournalUrl => new(_owner.Origin(), _journal.Registration.JournalPath);

    /// <summary>The URL of the webhook, or <see langword="null"/>.</summary>
    public Uri? WebhookUrl => _settings.WebhookUrl;

    /// <summary>Whether a delivery contains several events.</summary>
    [JsonPropertyName("batch")]
    public bool IsBatch => _settings.Batch;

    /// <summary>The format of the events.</summary>
    public EventForm Form => _settings.Form;

    /// <summary>The events that the registration is for.</summary>
    public IReadOnlyCollection<AemEventKind> Events => _settings.Events;

    /// <summary>The number of events in the journal.</summary>
    public long JournalCount => _journal.Count;

    /// <summary>Whether the webhook gets events.</summary>
    public EventRegistrationStatus Status => IsExpired ? EventRegistrationStatus.Disabled : _status;

    /// <summary>The reason why <see cref="Status"/> is not <see cref="EventRegistrationStatus.Active"/>, or <see langword="null"/>.</summary>
    public string? StatusReason => IsExpired ? "No one opened the validation URL within 5 minutes." : Status == EventRegistrationStatus.Active ? null : _statusReason;

    /// <summary>The most recent delivery attempts, oldest first, up to <see cref="EmulatorWebhookOptions.AttemptCapacity"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<WebhookAttempt> Attempts => _attempts.ToArray();

    /// <summary>The number of events that wait for delivery to the webhook, including those that wait for another attempt.</summary>
    public int PendingEvents { get; private set; }

    internal bool IsEnabled => Status is EventRegistrationStatus.Active or EventRegistrationStatus.Unstable;

    private bool IsExpired => _status == EventRegistrationStatus.PendingValidation && _options.TimeProvider.GetUtcNow() >= _validateUntil;

    [JsonInclude]
    internal string OrganizationId => _journal.Registration.OrganizationId;

    [JsonInclude]
    internal Guid JournalId => _journal.Registration.JournalId;

    [JsonInclude]
    internal DateTimeOffset RegisteredAt => _journal.Registration.RegisteredAt;

    /// <summary>
    /// Waits until the registration satisfies a condition, such as <c>it => it.PendingEvents == 0</c>. Once an attempt is in <see cref="Attempts"/>, the timer
    /// of the next one is set, so advancing the clock to <see cref="WebhookAttempt.NextAttemptAt"/> triggers it.
    /// </summary>
    /// <param name="condition">
    /// The condition. It is evaluated immediately, after every event and attempt, and when the status changes. It must not block. If it throws, the
    /// wait ends with that exception.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the condition is met.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task WaitAsync(Func<EventRegistration, bool> condition, CancellationToken cancellationToken = default) =>
        _waiters.WaitAsync([this], condition, cancellationToken);

    /// <summary>
    /// Sends a new challenge to the webhook and, if the webhook answers it, delivers events from now on. Events that arrived while the webhook got none stay
    /// only in the journal. Earlier attempts no longer affect the status.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The status: <see cref="EventRegistrationStatus.Active"/> if the webhook answered the challenge.</returns>
    public async Task<EventRegistrationStatus> EnableAsync(CancellationToken cancellationToken = default)
    {
        if (WebhookUrl is not { } url)
        {
            return Status;
        }

        var challenge = Guid.NewGuid().ToString("D");
        if (await _owner.Sender.ChallengeAsync(url, challenge, cancellationToken).ConfigureAwait(false) is not { } problem)
        {
            Activate();
            return Status;
        }

        // Set this before the URL is sent, because the receiver may open it immediately.
        Change(() =>
        {
            _validateUntil = _options.TimeProvider.GetUtcNow() + ValidationPeriod;
            (_status, _statusReason, _challenge) = (EventRegistrationStatus.PendingValidation, problem, challenge);
        });
        var validationUrl = new Uri(_owner.Origin(), $"/csm/registrations/validate?id={Id}&challenge={challenge}");
        var (status, unsent) = await _owner.Sender.PostValidationUrlAsync(url, validationUrl, cancellationToken).ConfigureAwait(false);
        if (status != StatusCodes.Status200OK)
        {
            Change(() =>
            {
                if (_status == EventRegistrationStatus.PendingValidation && _challenge == challenge)
                {
                    (_status, _statusReason) = (EventRegistrationStatus.Disabled, $"{problem} The validation URL was not accepted: {unsent ?? $"status {status}"}.");
                }
            });
        }

        return Status;
    }

    /// <summary>
    /// Stops the delivery of new events to the webhook, as happens to a failing webhook. Like Adobe, the emulator still retries earlier events for their 24
    /// hours.
    /// </summary>
    public void Disable() => Disable("It was disabled manually.");

    /// <summary>Disables the webhook permanently.</summary>
    internal void Remove()
    {
        _isRemoved = true;
        Disable("It was removed.");
    }

    /// <summary>Confirms the registration when somebody opens the validation URL.</summary>
    /// <returns>Whether the registration was waiting for it.</returns>
    internal bool Validate(string challenge)
    {
        var isAwaited = Status == EventRegistrationStatus.PendingValidation && challenge == _challenge;
        if (isAwaited)
        {
            Activate();
        }

        return isAwaited;
    }

    /// <summary>Starts deliveries, unless the registration was removed.</summary>
    internal void Activate() => Change(() =>
    {
        if (!_isRemoved)
        {
            (_status, _health) = (EventRegistrationStatus.Active, new WebhookHealth(_options.Webhooks.UnstablePeriod));
        }
    });

    internal void Deliver(JsonObject @event, string code)
    {
        _journal.Append(JsonText.ToBytes(@event));
        Change(() =>
        {
            if (WebhookUrl is { } url && IsEnabled)
            {
                _queue ??= new(IsBatch, _options, _owner.Faults, (delivery, retryCount, cancellationToken) => _owner.Sender.PostAsync(url, delivery, retryCount, cancellationToken), Attempted);
                var id = Guid.NewGuid().ToString("D");
                PendingEvents += _queue.Enqueue(new(id, code, JsonText.ToBytes(Envelope(@event, id))));
            }
        });
    }

    /// <summary>Stops all deliveries and waits for those in progress. Nobody is told, because the registration stays enabled for the next run of the emulator.</summary>
    internal async Task StopAsync()
    {
        lock (_gate)
        {
            (_isRemoved, _status) = (true, EventRegistrationStatus.Disabled);
        }

        if (_queue is not null)
        {
            await _queue.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal JsonObject ToJson() => JsonSerializer.SerializeToNode(this, EventRegistrationJson.Default.EventRegistration)!.AsObject();

    /// <summary>The envelope of an event in a webhook delivery: its recipient and its id.</summary>
    private JsonObject Envelope(JsonObject @event, string id)
    {
        if (Form == EventForm.Xdm)
        {
            return new JsonObject { ["event_id"] = id, ["event"] = @event.DeepClone(), ["recipient_client_id"] = ClientId };
        }

        // The member names with underscores violate the CloudEvents specification. Adobe sends both spellings until the end of 2026.
        var envelope = @event.DeepClone().AsObject();
        envelope["eventid"] = id;
        envelope["recipientclientid"] = ClientId;
        envelope["event_id"] = id;
        envelope["recipient_client_id"] = ClientId;
        return envelope;
    }

    private void Disable(string reason) => Change(() =>
    {
        if (WebhookUrl is not null)
        {
            (_status, _statusReason) = (EventRegistrationStatus.Disabled, reason);
        }
    });

    private void Attempted(WebhookAttempt attempt) => Change(() =>
    {
        PendingEvents -= attempt.NextAttemptAt is null ? attempt.EventIds.Count : 0;

        // Retries of earlier events don't enable the webhook again.
        if (IsEnabled)
        {
            _status = _health.Note(attempt.Time, attempt.Outcome != WebhookOutcome.Delivered);
            _statusReason = "At least 80 % of the attempts of the last 24 hours failed.";
        }

        _attempts.Enqueue(attempt);
        if (_attempts.Count > _options.Webhooks.AttemptCapacity)
        {
            _attempts.TryDequeue(out _);
        }
    });

    private void Change(Action change)
    {
        lock (_gate)
        {
            var isEnabled = IsEnabled;
            change();
            if (IsEnabled != isEnabled)
            {
                _owner.Save(this);
            }
        }

        _waiters.Tell(this);
        _owner.Tell();
    }
}
