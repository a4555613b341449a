using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>The registered clients and their journals.</summary>
internal sealed class Registrations(AssetComputeEmulatorOptions options, EmulatorJournalFaults faults, byte[] positionKey, StateLog log)
{
    private const string Kind = "journal";

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, EventJournal> _byClient = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, EventJournal> _byJournal = new();

    public event Action<EventJournal, JournalRecord>? Appended;

    /// <summary>The rendition journals, one for each client that called <c>/register</c>.</summary>
    public IReadOnlyCollection<EventJournal> All => [.. _byClient.Values];

    /// <summary>All journals, including those of other events.</summary>
    public IReadOnlyCollection<EventJournal> Journals => [.. _byJournal.Values.OrderBy(journal => journal.Registration.RegisteredAt)];

    public EventJournal? OfClient(string clientId) => _byClient.GetValueOrDefault(clientId);

    public EventJournal? OfJournal(Guid journalId) => _byJournal.GetValueOrDefault(journalId);

    /// <summary>Registers a client, or returns its existing journal. Registering is idempotent.</summary>
    public EventJournal Register(EmulatorClient client)
    {
        lock (_gate)
        {
            if (_byClient.TryGetValue(client.ClientId, out var existing))
            {
                return existing;
            }

            var registration = new Registration(client.ClientId, client.OrganizationId, Guid.NewGuid(), options.TimeProvider.GetUtcNow());
            Save(registration);
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

            Close(journal.Registration.JournalId);
            return true;
        }
    }

    /// <summary>Opens a journal for events other than renditions.</summary>
    public EventJournal Open(Registration registration)
    {
        Save(registration);
        return NewJournal(registration);
    }

    public void Close(Guid journalId)
    {
        _byJournal.TryRemove(journalId, out _);
        log.Remove(EventsOf(journalId));
        log.Remove(Kind, journalId.ToString("D"));
    }

    /// <summary>Restores the journals of an earlier run and their events.</summary>
    public void Restore()
    {
        foreach (var registration in log.Read(Kind, (_, json) => JsonSerializer.Deserialize(json, StateJson.Default.Registration)!))
        {
            var journal = registration.Name is null ? Add(registration) : NewJournal(registration);
            var kind = EventsOf(registration.JournalId);
            IReadOnlyList<JournalRecord> saved = [.. log.Read(kind, RecordOf).OrderBy(static record => record.Sequence)];
            foreach (var old in saved.Take(journal.Restore(saved)))
            {
                log.Forget(kind, KeyOf(old));
            }
        }
    }

    private static string EventsOf(Guid journalId) => $"event/{journalId:D}";

    private static string KeyOf(JournalRecord record) => string.Create(CultureInfo.InvariantCulture, $"{record.Sequence} {record.Time:O}");

    private static JournalRecord RecordOf(string key, byte[] json) => key.Split(' ') is [var sequence, var time]
        ? new(long.Parse(sequence, CultureInfo.InvariantCulture), "", DateTimeOffset.ParseExact(time, "O", CultureInfo.InvariantCulture), json)
        : throw new FormatException($"'{key}' is not the key of an event.");

    private void Save(Registration registration) =>
        log.Save(Kind, registration.JournalId.ToString("D"), JsonSerializer.SerializeToUtf8Bytes(registration, StateJson.Default.Registration));

    private EventJournal Add(Registration registration) => _byClient[registration.ClientId] = NewJournal(registration);

    private EventJournal NewJournal(Registration registration)
    {
        var journal = new EventJournal(registration, positionKey, options, faults, (owner, record) => log.Save(EventsOf(owner.Registration.JournalId), KeyOf(record), record.Event));
        journal.Appended += record => Appended?.Invoke(journal, record);
        return _byJournal[registration.JournalId] = journal;
    }
}
