using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
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
    private readonly NetworkPolicy _policy;
    private readonly StateLog _log;

    internal EmulatorEventRegistrations(Registrations journals, ClientDirectory clients, WebhookSender sender, NetworkPolicy policy,
        EmulatorEventFaults faults, AssetComputeEmulatorOptions options, StateLog log, Func<Uri> origin)
    {
        _journals = journals;
        _clients = clients;
        _policy = policy;
        _log = log;
        Sender = sender;
        Faults = faults;
        Options = options;
        Origin = origin;
    }

    internal event Action? Changed;

    internal WebhookSender Sender { get; }

    internal EmulatorEventFaults Faults { get; }

    internal AssetComputeEmulatorOptions Options { get; }

    internal Func<Uri> Origin { get; }

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
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled. The registration is not added.</exception>
    public async Task<EventRegistration> AddAsync(EventRegistrationSettings? settings = null, CancellationToken cancellationToken = default)
    {
        settings ??= new();
        Check(settings);
        var client = settings.ClientId is { } clientId ? _clients.Find(clientId)! : _clients.All.First();
        if (settings.WebhookUrl is not null)
        {
            await Task.Run(Sender.Keys.Prepare, cancellationToken).ConfigureAwait(false);
        }

        var journal = _journals.Open(new(client.ClientId, client.OrganizationId, Guid.NewGuid(), Options.TimeProvider.GetUtcNow()) { Name = settings.Name });
        var registration = new EventRegistration(settings, journal, this, isEnabled: settings.WebhookUrl is null);
        _all[registration.JournalId] = registration;
        Save(registration);
        Tell();
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
        Tell();
        return true;
    }

    /// <summary>Replaces the older of the two keys that sign deliveries. The public half of the old key stays available.</summary>
    public void RotateKeys() => Sender.Keys.Rotate();

    /// <summary>Enumerates the registrations in the order in which they were added.</summary>
    /// <returns>An enumerator over a snapshot.</returns>
    public IEnumerator<EventRegistration> GetEnumerator() => _all.Values.OrderBy(registration => registration.RegisteredAt).ToList().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Deliver(AemEvent @event)
    {
        foreach (var registration in this.Where(registration => registration.Events.Contains(@event.Kind)))
        {
            var (json, code) = registration.Form == EventForm.CloudEvents
                ? (AemCloudEvents.Create(@event, Options.Spelling), AemCloudEvents.TypeOf(@event.Kind))
                : (AemXdmEvents.Create(@event, Origin(), registration.OrganizationId), AemXdmEvents.CodeOf(@event));
            registration.Deliver(json, code);
        }
    }

    /// <summary>Restores the registrations of an earlier run of the emulator, with their journals. Deliveries that were in progress are given up.</summary>
    internal void Restore() => _log.Read(Kind, (_, json) =>
    {
        var record = JsonNode.Parse(json)!.AsObject();
        var registration = new EventRegistration(
            record.Deserialize(EventRegistrationJson.Default.EventRegistrationSettings)!,
            _journals.OfJournal(record["journalId"]!.GetValue<Guid>())!,
            this,
            record["status"].StringOf() is nameof(EventRegistrationStatus.Active) or nameof(EventRegistrationStatus.Unstable));
        return _all[registration.JournalId] = registration;
    });

    /// <summary>Saves a registration, unless it was removed.</summary>
    internal void Save(EventRegistration registration)
    {
        if (_all.ContainsKey(registration.JournalId))
        {
            _log.Save(Kind, registration.Id, JsonText.ToBytes(registration.ToJson()));
        }
    }

    internal void Tell() => Changed?.Invoke();

    internal async Task StopAsync()
    {
        foreach (var registration in _all.Values.Concat(_removed))
        {
            await registration.StopAsync().ConfigureAwait(false);
        }
    }

    private void Check(EventRegistrationSettings settings)
    {
        var problem = settings switch
        {
            { Events.Count: 0, HasOwnEvents: false } => "Select at least one kind of event.",
            { WebhookUrl.IsAbsoluteUri: false } => "'webhookUrl' must be an absolute URL.",
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
