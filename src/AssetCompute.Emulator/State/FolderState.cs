using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// The state in a folder: an append-only log that is written before anybody is told, and made shorter at every start. What was
/// handed to the operating system survives the emulator's own sudden end.
/// </summary>
internal sealed class FolderState : IStateLog
{
    private const string LogName = "state.jsonl";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Dictionary<Guid, Registration> _registrations = [];
    private readonly Dictionary<Guid, SortedDictionary<long, (DateTimeOffset Time, byte[] Event)>> _events = [];
    private readonly Dictionary<Guid, Job> _jobs = [];
    private readonly Dictionary<Guid, JsonObject> _subscriptions = [];
    private readonly Dictionary<string, JsonObject> _assets = new(StringComparer.Ordinal);
    private readonly AssetComputeEmulatorOptions _options;
    private readonly FileStream _log;

    /// <summary>Opens the folder and reads what an earlier run left there.</summary>
    /// <exception cref="IOException">Another emulator has the folder open, or another version of it has written what this one cannot read.</exception>
    public FolderState(string folder, AssetComputeEmulatorOptions options)
    {
        _options = options;
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, LogName);

        // The lock is a file of its own, because the log is replaced when it is made shorter.
        Lock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            Replay();
            Compact();
            _log = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch
        {
            Lock.Dispose();
            throw;
        }
    }

    private FileStream Lock { get; }

    /// <summary>The registrations for the events of AEM.</summary>
    public IReadOnlyCollection<JsonObject> Subscriptions => _subscriptions.Values;

    /// <summary>The last time that all access tokens were revoked, if they were.</summary>
    public TokenRevocation? Revocation { get; private set; }

    /// <summary>The assets of AEM.</summary>
    public IReadOnlyCollection<JsonObject> Assets => _assets.Values;

    /// <summary>The jobs that were not finished.</summary>
    public IReadOnlyCollection<Job> UnfinishedJobs => _jobs.Values;

    /// <summary>Hands out the registrations with the events of their journals, which hold them from here on.</summary>
    /// <returns>Each registration, whether it is a client's own, and its events in their order.</returns>
    public IEnumerable<(Registration Registration, bool IsOfClient, IEnumerable<JournalRecord> Events)> TakeJournals()
    {
        (Registration Registration, bool IsOfClient, IEnumerable<JournalRecord>)[] journals =
        [
            .. _registrations.Values.Select(registration => (registration, true, RecordsOf(registration))),
            .. _subscriptions.Values.Select(RegistrationOf).Select(registration => (registration, false, RecordsOf(registration))),
        ];
        _events.Clear();
        return journals;
    }

    public void Registered(Registration registration) => Append(StateRecord.Of(registration, StateRecord.Registered));

    public void Unregistered(Registration registration) => Append(StateRecord.Of(registration, StateRecord.Unregistered));

    public void Published(Registration registration, JournalRecord record) => Append(StateRecord.Of(registration, record));

    public void Accepted(Job job) => Append(StateRecord.OfAccepted(job));

    public void Finished(Job job) => Append(StateRecord.OfFinished(job));

    public void Subscribed(JsonObject registration) => Append(StateRecord.Of(StateRecord.Subscribed, registration));

    public void Unsubscribed(Guid journalId) => Append(StateRecord.OfUnsubscribed(journalId));

    public void AssetSaved(JsonObject asset) => Append(StateRecord.Of(StateRecord.AssetSaved, asset));

    public void AssetDeleted(string path) => Append(StateRecord.OfAssetDeleted(path));

    public void TokensRevoked(TokenRevocation revocation) => Append(StateRecord.Of(revocation));

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await Lock.DisposeAsync();
    }

    private static Registration RegistrationOf(JsonObject subscription)
    {
        using var record = JsonDocument.Parse(JsonText.ToBytes(subscription));
        return StateRecord.ReadRegistration(record.RootElement);
    }

    private JournalRecord[] RecordsOf(Registration registration) =>
        [.. (_events.GetValueOrDefault(registration.JournalId) ?? []).Select(kept => new JournalRecord(kept.Key, "", kept.Value.Time, kept.Value.Event))];

    private void Append(byte[] record)
    {
        lock (_gate)
        {
            var start = _log.Length;
            try
            {
                _log.Write([.. record, (byte)'\n']);
            }
            catch (IOException)
            {
                // Half a line, on a full disk, would swallow the next one.
                _log.SetLength(start);
                throw;
            }
        }
    }

    private void Replay()
    {
        if (!File.Exists(_path))
        {
            return;
        }

        foreach (var line in File.ReadLines(_path))
        {
            try
            {
                using var record = JsonDocument.Parse(line);
                Apply(record.RootElement);
            }
            catch (JsonException)
            {
                // A run that was killed while it wrote this line; nobody was told of it yet.
            }
            catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException or NullReferenceException)
            {
                // Left out, it would be gone after the next start.
                throw new IOException(
                    $"The data folder '{Path.GetDirectoryName(_path)}' was written by another version of the emulator, and this one cannot read all of it. Start that version, or an empty folder; nothing was changed.",
                    exception);
            }
        }
    }

    private void Apply(JsonElement record)
    {
        switch (record.GetProperty("kind").GetString())
        {
            case StateRecord.Registered:
                var registration = StateRecord.ReadRegistration(record);
                _registrations[registration.JournalId] = registration;
                break;
            case StateRecord.Unregistered:
                var gone = StateRecord.ReadRegistration(record).JournalId;
                _registrations.Remove(gone);
                _events.Remove(gone);
                break;
            case StateRecord.Published:
                var (journalId, sequence, time, @event) = StateRecord.ReadPublished(record);
                if (!_events.TryGetValue(journalId, out var events))
                {
                    _events[journalId] = events = [];
                }

                events[sequence] = (time, @event);
                break;
            case StateRecord.Accepted:
                var job = StateRecord.ReadJob(record);
                _jobs[job.Id] = job;
                break;
            case StateRecord.Finished:
                _jobs.Remove(record.GetProperty("job").GetGuid());
                break;
            case StateRecord.Subscribed:
                var subscription = StateRecord.ReadValue(record);
                _subscriptions[RegistrationOf(subscription).JournalId] = subscription;
                break;
            case StateRecord.Unsubscribed:
                var unsubscribed = record.GetProperty("journalId").GetGuid();
                _subscriptions.Remove(unsubscribed);
                _events.Remove(unsubscribed);
                break;
            case StateRecord.AssetSaved:
                var asset = StateRecord.ReadValue(record);
                _assets[asset["path"]!.GetValue<string>()] = asset;
                break;
            case StateRecord.AssetDeleted:
                _assets.Remove(record.GetProperty("path").GetString()!);
                break;
            case StateRecord.TokensRevoked:
                Revocation = StateRecord.ReadRevocation(record);
                break;
            default:
                throw new InvalidOperationException($"A record has the kind '{record.GetProperty("kind")}'.");
        }
    }

    /// <summary>Writes what still counts into a new log, and puts it in the old one's place in one step.</summary>
    private void Compact()
    {
        foreach (var events in _events.Values)
        {
            ForgetOld(events);
        }

        var next = _path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (var record in Records())
            {
                file.Write(record);
                file.WriteByte((byte)'\n');
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(next, _path, overwrite: true);
    }

    /// <summary>Leaves out what the journal would not give any more; the last event stays, since the numbers go on from it.</summary>
    private void ForgetOld(SortedDictionary<long, (DateTimeOffset Time, byte[] Event)> events)
    {
        var expiry = _options.TimeProvider.GetUtcNow() - _options.Journal.Retention;
        var bytes = events.Values.Sum(static kept => (long)kept.Event.Length);
        foreach (var (sequence, (time, @event)) in events.ToArray())
        {
            var isKept = time >= expiry && events.Count <= _options.Journal.Capacity && bytes <= _options.Journal.CapacityBytes;
            if (isKept || events.Count == 1)
            {
                return;
            }

            events.Remove(sequence);
            bytes -= @event.Length;
        }
    }

    private IEnumerable<byte[]> Records()
    {
        if (Revocation is { } revocation)
        {
            yield return StateRecord.Of(revocation);
        }

        foreach (var registration in _registrations.Values)
        {
            yield return StateRecord.Of(registration, StateRecord.Registered);
            foreach (var record in RecordsOf(registration))
            {
                yield return StateRecord.Of(registration, record);
            }
        }

        foreach (var subscription in _subscriptions.Values)
        {
            yield return StateRecord.Of(StateRecord.Subscribed, subscription);
            var registration = RegistrationOf(subscription);
            foreach (var record in RecordsOf(registration))
            {
                yield return StateRecord.Of(registration, record);
            }
        }

        foreach (var asset in _assets.Values)
        {
            yield return StateRecord.Of(StateRecord.AssetSaved, asset);
        }

        foreach (var job in _jobs.Values)
        {
            yield return StateRecord.OfAccepted(job);
        }
    }
}
