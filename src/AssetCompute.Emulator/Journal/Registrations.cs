using System.Collections.Concurrent;

namespace AssetCompute.Emulator;

/// <summary>Who is registered, each with its journal.</summary>
internal sealed class Registrations(AssetComputeEmulatorOptions options, EmulatorJournalFaults faults, byte[] positionKey, IStateLog log)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, EventJournal> _byClient = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, EventJournal> _byJournal = new();

    public event Action<EventJournal, JournalRecord>? Appended;

    /// <summary>The journals of renditions, one for each client that called <c>/register</c>.</summary>
    public IReadOnlyCollection<EventJournal> All => [.. _byClient.Values];

    /// <summary>All journals, those of other events too.</summary>
    public IReadOnlyCollection<EventJournal> Journals => [.. _byJournal.Values.OrderBy(journal => journal.Registration.RegisteredAt)];

    public EventJournal? OfClient(string clientId) => _byClient.GetValueOrDefault(clientId);

    public EventJournal? OfJournal(Guid journalId) => _byJournal.GetValueOrDefault(journalId);

    /// <summary>Registers a client, or finds the journal it has: registering is idempotent.</summary>
    public EventJournal Register(EmulatorClient client)
    {
        lock (_gate)
        {
            if (_byClient.TryGetValue(client.ClientId, out var existing))
            {
                return existing;
            }

            var registration = new Registration(client.ClientId, client.OrganizationId, Guid.NewGuid(), options.TimeProvider.GetUtcNow());
            log.Registered(registration);
            return Add(registration);
        }
    }

    public bool Unregister(string clientId)
    {
        lock (_gate)
        {
            if (!_byClient.TryRemove(clientId, out var journal))
            {
                return false;
            }

            _byJournal.TryRemove(journal.Registration.JournalId, out _);
            log.Unregistered(journal.Registration);
            return true;
        }
    }

    /// <summary>Opens a journal that is no client's journal of renditions.</summary>
    public EventJournal Open(Registration registration)
    {
        var journal = NewJournal(registration);
        _byJournal[registration.JournalId] = journal;
        return journal;
    }

    public void Close(Guid journalId) => _byJournal.TryRemove(journalId, out _);

    /// <summary>Puts journals and their events back that an earlier run left in the folder.</summary>
    public void Restore(FolderState folder)
    {
        lock (_gate)
        {
            foreach (var (registration, isOfClient, events) in folder.TakeJournals())
            {
                var journal = isOfClient ? Add(registration) : Open(registration);
                foreach (var record in events)
                {
                    journal.Restore(record.Sequence, record.Time, record.Event);
                }
            }
        }
    }

    private EventJournal Add(Registration registration)
    {
        var journal = Open(registration);
        _byClient[registration.ClientId] = journal;
        return journal;
    }

    private EventJournal NewJournal(Registration registration)
    {
        var journal = new EventJournal(registration, positionKey, options, faults, (owner, record) => log.Published(owner.Registration, record));
        journal.Appended += record => Appended?.Invoke(journal, record);
        return journal;
    }
}
