using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The registrations for AEM events. Thread-safe; enumerating returns a snapshot.</summary>
public sealed class EmulatorEventRegistrations : IEnumerable<EventRegistration>
{
    private const string Kind = "registration";

    private readonly ConcurrentDictionary<Guid, EventRegistration> _all = [];
    private readonly ConcurrentQueue<EventRegistration> _removed = [];
    private readonly Registrations _journals;
    private readonly ClientDirectory _clients;
    private readonly WebhookSender _sender;
    private readonly WebhookKeys _keys;
    private readonly NetworkPolicy _policy;
    private readonly EmulatorEventFaults _faults;
    private readonly AssetComputeEmulatorOptions _options;
    private readonly StateLog _log;
    private readonly Func<Uri> _origin;
    private readonly AemCloudEvents _cloudEvents;
    private readonly AemXdmEvents _xdmEvents;

    internal EmulatorEventRegistrations(Registrations journals, ClientDirectory clients, WebhookSender sender, WebhookKeys keys, NetworkPolicy policy,
        EmulatorEventFaults faults, AssetComputeEmulatorOptions options, StateLog log, Func<Uri> origin)
    {
        _journals = journals;
        _clients = clients;
        _sender = sender;
        _keys = keys;
        _policy = policy;
        _faults = faults;
        _options = options;
        _log = log;
        _origin = origin;
        _cloudEvents = new(options.Spelling);
        _xdmEvents = new(origin);
    }

    internal event Action? Changed;

    /// <summary>
    /// Registers for events. If a webhook is given, it must answer a challenge. If it does not, the emulator sends it a validation URL by POST. If it returns 200
    /// to that, somebody must open the URL within 5 minutes. Otherwise, the registration is added, but disabled.
    /// </summary>
    /// <param name="settings">The settings of the registration. Default: a journal of publications.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The registration. Check its <see cref="EventRegistration.Status"/>.</returns>
    /// <exception cref="ArgumentException">
    /// The client may not sign in; no client is given and there is more than one; the emulator may not call the host of the webhook (see
    /// <see cref="AssetComputeEmulatorOptions.AllowedHosts"/>); or no event is selected.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. The registration is not added.</exception>
    public async Task<EventRegistration> AddAsync(EventRegistrationSettings? settings = null, CancellationToken cancellationToken = default)
    {
        settings ??= new();
        Check(settings);
        var client = settings.ClientId is { } clientId ? _clients.Find(clientId)! : _clients.All.First();
        if (settings.WebhookUrl is not null)
        {
            await Task.Run(_keys.Prepare, cancellationToken).ConfigureAwait(false);
        }

        var journal = _journals.Open(new(client.ClientId, client.OrganizationId, Guid.NewGuid(), _options.TimeProvider.GetUtcNow()) { Name = settings.Name });
        var registration = Create(settings, journal);
        try
        {
            await registration.EnableAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The caller has no id to remove the registration with.
            Remove(registration.Id);
            throw;
        }

        return registration;
    }

    /// <summary>Finds a registration.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The registration, or <see langword="null"/>.</returns>
    public EventRegistration? Find(string id) => Guid.TryParse(id, out var guid) ? _all.GetValueOrDefault(guid) : null;

    /// <summary>Removes a registration and its journal. Deliveries that are already queued are still made.</summary>
    /// <param name="id">The id.</param>
    /// <returns><see langword="true"/> if there was such a registration.</returns>
    public bool Remove(string id)
    {
        if (!Guid.TryParse(id, out var guid) || !_all.TryRemove(guid, out var registration))
        {
            return false;
        }

        registration.Remove();
        _removed.Enqueue(registration);
        _journals.Close(registration.JournalId);
        _log.Remove(Kind, registration.Id);
        Changed?.Invoke();
        return true;
    }

    /// <summary>Replaces the older of the two keys that sign deliveries. The public half of the old key stays available.</summary>
    public void RotateKeys() => _keys.Rotate();

    /// <summary>Enumerates the registrations in the order in which they were added.</summary>
    /// <returns>An enumerator over a snapshot.</returns>
    public IEnumerator<EventRegistration> GetEnumerator() => _all.Values.OrderBy(registration => registration.RegisteredAt).ToList().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Deliver(AemEvent @event)
    {
        foreach (var registration in this.Where(registration => registration.Events.Contains(@event.Kind)))
        {
            if (registration.Form == EventForm.CloudEvents)
            {
                registration.Deliver(_cloudEvents.Create(@event), AemCloudEvents.TypeOf(@event.Kind));
            }
            else
            {
                registration.Deliver(_xdmEvents.Create(@event, registration.OrganizationId), AemXdmEvents.CodeOf(@event));
            }
        }
    }

    /// <summary>The registrations that an earlier run of the emulator saved.</summary>
    internal static IReadOnlyList<JsonObject> Saved(StateLog log) => log.Read(Kind, (_, json) => JsonNode.Parse(json)!.AsObject());

    /// <summary>Restores a registration of an earlier run of the emulator, with its journal. Deliveries that were in progress are given up.</summary>
    internal void Restore(JsonObject record)
    {
        var settings = EventRegistrationRecord.Read(record);
        var registration = Create(settings, _journals.OfJournal(EventRegistrationRecord.JournalIdOf(record))!);
        if (settings.WebhookUrl is not null && EventRegistrationRecord.IsEnabled(record))
        {
            registration.Activate();
        }
    }

    internal async Task StopAsync()
    {
        foreach (var registration in _all.Values.Concat(_removed))
        {
            await registration.StopAsync().ConfigureAwait(false);
        }
    }

    private EventRegistration Create(EventRegistrationSettings settings, EventJournal journal)
    {
        var isEnabled = false;
        var registration = new EventRegistration(settings, journal, _sender, _faults, _options, _origin, changed =>
        {
            // Only whether the webhook gets events must survive a restart, not the individual attempts.
            var now = changed.IsEnabled;
            if (now != isEnabled && _all.ContainsKey(changed.JournalId))
            {
                isEnabled = now;
                Save(changed);
            }

            Changed?.Invoke();
        });
        _all[registration.JournalId] = registration;
        Save(registration);
        Changed?.Invoke();
        return registration;
    }

    private void Save(EventRegistration registration) => _log.Save(Kind, registration.Id, JsonText.ToBytes(EventRegistrationRecord.Of(registration)));

    private void Check(EventRegistrationSettings settings)
    {
        var problem = settings switch
        {
            { Events.Count: 0, HasOwnEvents: false } => "At least one kind of event must be wanted.",
            { WebhookUrl.IsAbsoluteUri: false } => "The webhook must be an absolute URL.",
            { WebhookUrl: { } webhook } when _policy.Refusal(webhook) is { } refusal => $"The webhook is not called: {refusal}.",
            { ClientId: { } clientId } when _clients.Find(clientId) is null => $"There is no client '{clientId}'.",
            { ClientId: null } when _clients.All.Count > 1 => "Several clients may sign in: name the one that registers.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ArgumentException(problem, nameof(settings));
        }
    }
}
