using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A registration at Adobe I/O Events for the events of AEM: a journal of its own, and perhaps a webhook. Safe for use by many threads.</summary>
public sealed class EventRegistration
{
    private readonly EventRegistrationSettings _settings;
    private readonly EventJournal _journal;
    private readonly Func<Uri> _origin;
    private readonly Action<EventRegistration> _changed;
    private readonly WebhookSubscription? _webhook;
    private readonly Waiters<EventRegistration> _waiters = new(new());

    internal EventRegistration(EventRegistrationSettings settings, EventJournal journal, WebhookSender sender, EmulatorWebhookFaults faults,
        AssetComputeEmulatorOptions options, Func<Uri> origin, Action<EventRegistration> changed)
    {
        _settings = settings;
        _journal = journal;
        _origin = origin;
        _changed = changed;
        _webhook = settings.WebhookUrl is { } url ? new(url, settings.Batch, sender, faults, options, ValidationUrl, Tell) : null;
    }

    /// <summary>The registration's id.</summary>
    public string Id => JournalId.ToString("D");

    /// <summary>The name for the web page.</summary>
    public string Name => _settings.Name;

    /// <summary>The client that registered: the recipient of the events.</summary>
    public string ClientId => _journal.Registration.ClientId;

    /// <summary>The journal. It gets every event, independent of the webhook.</summary>
    public Uri JournalUrl => new(_origin(), _journal.Registration.JournalPath);

    /// <summary>The webhook, or <see langword="null"/>.</summary>
    public Uri? WebhookUrl => _webhook?.Url;

    /// <summary>Whether a delivery holds several events.</summary>
    public bool IsBatch => _settings.Batch;

    /// <summary>The form of the events.</summary>
    public EventForm Form => _settings.Form;

    /// <summary>The events that are wanted.</summary>
    public IReadOnlyCollection<AemEventKind> Events => _settings.Events;

    /// <summary>How many events the journal holds.</summary>
    public long JournalCount => _journal.Count;

    /// <summary>Whether the webhook gets events.</summary>
    public EventRegistrationStatus Status => _webhook?.Status ?? EventRegistrationStatus.Active;

    /// <summary>Why <see cref="Status"/> is not <see cref="EventRegistrationStatus.Active"/>, or <see langword="null"/>.</summary>
    public string? StatusReason => _webhook?.StatusReason;

    /// <summary>The newest attempts to deliver, oldest first, up to <see cref="EmulatorWebhookOptions.AttemptCapacity"/>.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts => _webhook?.Attempts ?? [];

    /// <summary>How many events wait for the webhook, for their first attempt or another one.</summary>
    public int PendingEvents => _webhook?.PendingEvents ?? 0;

    internal string OrganizationId => _journal.Registration.OrganizationId;

    internal Guid JournalId => _journal.Registration.JournalId;

    internal DateTimeOffset RegisteredAt => _journal.Registration.RegisteredAt;

    /// <summary>
    /// Waits until the registration satisfies a condition, such as <c>it => it.PendingEvents == 0</c>. After an attempt is in
    /// <see cref="Attempts"/>, the timer of the next one stands: turning the clock to <see cref="WebhookAttempt.NextAttemptAt"/> makes it.
    /// </summary>
    /// <param name="condition">
    /// The condition. It is asked now, after every event and attempt and whenever the status changes, and must not wait for anything. What it throws ends the waiting.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A task that ends when the condition is met.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task WaitAsync(Func<EventRegistration, bool> condition, CancellationToken cancellationToken = default) =>
        _waiters.WaitAsync([this], condition, cancellationToken);

    /// <summary>
    /// Asks the webhook for the answer to a new challenge, and has it get events from now on; those that came while it got none stay in
    /// the journal alone. Attempts of before no longer count for its status.
    /// </summary>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The status: <see cref="EventRegistrationStatus.Active"/> when the challenge was met.</returns>
    public async Task<EventRegistrationStatus> EnableAsync(CancellationToken cancellationToken = default)
    {
        if (_webhook is not null)
        {
            await _webhook.EnableAsync(cancellationToken).ConfigureAwait(false);
        }

        return Status;
    }

    /// <summary>
    /// Delivers no further event to the webhook, as the rule for failing ones does. Events that came before are still tried for their 24 hours, as Adobe does.
    /// </summary>
    public void Disable() => _webhook?.Disable("It was disabled by hand.");

    /// <summary>Disables it so that it cannot be enabled again.</summary>
    internal void Remove() => _webhook?.Disable("It was removed.", forEver: true);

    internal bool Validate(string challenge) => _webhook?.Validate(challenge) == true;

    /// <summary>Takes up deliveries to a webhook that met its challenge in an earlier run of the emulator.</summary>
    internal void Activate() => _webhook?.Activate();

    internal void Deliver(JsonObject @event, string code)
    {
        _journal.Append(JsonText.ToBytes(@event));
        if (_webhook is not null)
        {
            var id = Guid.NewGuid().ToString("D");
            _webhook.Enqueue(new(id, code, JsonText.ToBytes(EventEnvelope.Of(@event, Form, id, ClientId))));
        }

        Tell();
    }

    /// <summary>Ends deliveries for good and waits until none is under way.</summary>
    internal Task StopAsync() => _webhook?.StopAsync() ?? Task.CompletedTask;

    private Uri ValidationUrl(string challenge) => new(_origin(), $"/csm/registrations/validate?id={Id}&challenge={challenge}");

    private void Tell()
    {
        _waiters.Tell(this);
        _changed(this);
    }
}
