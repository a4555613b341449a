using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A registration at Adobe I/O Events for AEM events. It has a journal and, optionally, a webhook. Thread-safe.</summary>
public sealed class EventRegistration
{
    private readonly EventRegistrationSettings _settings;
    private readonly EventJournal _journal;
    private readonly Func<Uri> _origin;
    private readonly Action<EventRegistration> _changed;
    private readonly WebhookSubscription? _webhook;
    private readonly Waiters<EventRegistration> _waiters = new(new());

    internal EventRegistration(EventRegistrationSettings settings, EventJournal journal, WebhookSender sender, EmulatorEventFaults faults,
        AssetComputeEmulatorOptions options, Func<Uri> origin, Action<EventRegistration> changed)
    {
        _settings = settings;
        _journal = journal;
        _origin = origin;
        _changed = changed;
        _webhook = settings.WebhookUrl is { } url ? new(url, settings.Batch, sender, faults, options, ValidationUrl, Tell) : null;
    }

    /// <summary>The id of the registration.</summary>
    public string Id => JournalId.ToString("D");

    /// <summary>The name on the web page.</summary>
    public string Name => _settings.Name;

    /// <summary>The client that registered and that gets the events.</summary>
    public string ClientId => _journal.Registration.ClientId;

    /// <summary>The URL of the journal. The journal gets every event, with or without a webhook.</summary>
    public Uri JournalUrl => new(_origin(), _journal.Registration.JournalPath);

    /// <summary>The URL of the webhook, or <see langword="null"/>.</summary>
    public Uri? WebhookUrl => _webhook?.Url;

    /// <summary>Whether a delivery contains several events.</summary>
    public bool IsBatch => _settings.Batch;

    /// <summary>The format of the events.</summary>
    public EventForm Form => _settings.Form;

    /// <summary>The events that the registration is for.</summary>
    public IReadOnlyCollection<AemEventKind> Events => _settings.Events;

    /// <summary>The number of events in the journal.</summary>
    public long JournalCount => _journal.Count;

    /// <summary>Whether the webhook gets events.</summary>
    public EventRegistrationStatus Status => _webhook?.Status ?? EventRegistrationStatus.Active;

    /// <summary>The reason why <see cref="Status"/> is not <see cref="EventRegistrationStatus.Active"/>, or <see langword="null"/>.</summary>
    public string? StatusReason => _webhook?.StatusReason;

    /// <summary>The most recent delivery attempts, oldest first, up to <see cref="EmulatorWebhookOptions.AttemptCapacity"/>.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts => _webhook?.Attempts ?? [];

    /// <summary>The number of events that wait for delivery to the webhook, including those that wait for another attempt.</summary>
    public int PendingEvents => _webhook?.PendingEvents ?? 0;

    internal bool IsEnabled => Status is EventRegistrationStatus.Active or EventRegistrationStatus.Unstable;

    internal string OrganizationId => _journal.Registration.OrganizationId;

    internal Guid JournalId => _journal.Registration.JournalId;

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
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
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
        if (_webhook is not null)
        {
            await _webhook.EnableAsync(cancellationToken).ConfigureAwait(false);
        }

        return Status;
    }

    /// <summary>
    /// Stops the delivery of new events to the webhook, as happens to a failing webhook. Like Adobe, the emulator still retries earlier events for their 24
    /// hours.
    /// </summary>
    public void Disable() => _webhook?.Disable("It was disabled by hand.");

    /// <summary>Disables the webhook permanently.</summary>
    internal void Remove() => _webhook?.Disable("It was removed.", forEver: true);

    internal bool Validate(string challenge) => _webhook?.Validate(challenge) == true;

    /// <summary>Resumes deliveries to a webhook that answered its challenge in an earlier run of the emulator.</summary>
    internal void Activate() => _webhook?.Activate();

    internal void Deliver(JsonObject @event, string code)
    {
        _journal.Append(JsonText.ToBytes(@event));
        if (_webhook is not null)
        {
            var id = Guid.NewGuid().ToString("D");
            _webhook.Enqueue(new(id, code, JsonText.ToBytes(Envelope(@event, id))));
        }

        Tell();
    }

    /// <summary>Stops all deliveries and waits for those in progress.</summary>
    internal Task StopAsync() => _webhook?.StopAsync() ?? Task.CompletedTask;

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

    private Uri ValidationUrl(string challenge) => new(_origin(), $"/csm/registrations/validate?id={Id}&challenge={challenge}");

    private void Tell()
    {
        _waiters.Tell(this);
        _changed(this);
    }
}
