using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>
/// The state that survives a restart: values by kind and key. With a folder, it is an append-only log that is written before a change is visible, and compacted
/// at every start. Data that was written to the operating system survives a crash of the emulator. Without a folder, nothing survives.
/// </summary>
internal sealed class StateLog : IDisposable
{
    private const string LogName = "state.jsonl";

    private readonly Lock _gate = new();
    private readonly string? _folder;
    private readonly FileStream? _lock;
    private readonly Dictionary<string, Dictionary<string, byte[]>> _saved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private FileStream? _log;

    /// <summary>Opens the folder and reads the data of an earlier run. Nothing is changed before <see cref="Start"/>.</summary>
    /// <exception cref="IOException">Another emulator has the folder open, or another version wrote it.</exception>
    public StateLog(string? folder)
    {
        if (folder is null)
        {
            return;
        }

        _folder = Directory.CreateDirectory(folder).FullName;

        // The lock is a separate file, because compacting replaces the log.
        _lock = new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            Replay(Path.Combine(_folder, LogName));
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Whether values are saved.</summary>
    public bool IsPersistent => _folder is not null;

    /// <summary>Reads the values of a kind that an earlier run saved, in no particular order.</summary>
    /// <exception cref="IOException">A value cannot be read, because another version wrote it.</exception>
    public IReadOnlyList<T> Read<T>(string kind, Func<string, byte[], T> read)
    {
        _known.Add(kind);
        return _folder is null ? [] : DataFolder.Read<IReadOnlyList<T>>(_folder, () => [.. (_saved.GetValueOrDefault(kind) ?? []).Select(entry => read(entry.Key, entry.Value))]);
    }

    /// <summary>Excludes a value of an earlier run from the compacted log.</summary>
    public void Forget(string kind, string key) => _saved[kind].Remove(key);

    /// <summary>Atomically replaces the old log with a compacted one. From then on, values can be saved.</summary>
    /// <exception cref="IOException">There are values that nothing has read, because another version wrote them.</exception>
    public void Start()
    {
        // A kind with a slash belongs to a value of another kind, which may have been removed.
        if (_saved.Keys.FirstOrDefault(kind => !_known.Contains(kind) && !kind.Contains('/', StringComparison.Ordinal)) is { } unknown)
        {
            // If they were left out, they would be lost after the next start.
            throw DataFolder.OfAnotherVersion(_folder!, new InvalidOperationException($"A record has the kind '{unknown}'."));
        }

        var path = Path.Combine(_folder!, LogName);
        using (var next = new FileStream(path + ".next", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (var (kind, values) in _saved.Where(values => _known.Contains(values.Key)))
            {
                foreach (var (key, json) in values)
                {
                    next.Write(LineOf(kind, key, json));
                }
            }

            next.Flush(flushToDisk: true);
        }

        File.Move(path + ".next", path, overwrite: true);
        _saved.Clear();
        _log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Removes a value, or all values of a kind.</summary>
    public void Remove(string kind, string? key = null) => Save(kind, key, null);

    /// <summary>Saves a value. Replaces an earlier value of the same kind and key.</summary>
    public void Save(string kind, string? key, byte[]? json)
    {
        if (_log is null)
        {
            return;
        }

        var line = LineOf(kind, key, json);
        lock (_gate)
        {
            var start = _log.Length;
            try
            {
                _log.Write(line);
            }
            catch (IOException)
            {
                // Half a line, as on a full disk, would corrupt the next one.
                _log.SetLength(start);
                throw;
            }
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        _lock?.Dispose();
    }

    private static ReadOnlySpan<byte> LineOf(string kind, string? key, byte[]? json)
    {
        var line = new ArrayBufferWriter<byte>(256 + (json?.Length ?? 0));
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, kind);
            writer.WriteString("key"u8, key);
            if (json is not null)
            {
                writer.WritePropertyName("value"u8);
                writer.WriteRawValue(json);
            }

            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan;
    }

    private void Replay(string path)
    {
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            using var record = Parse(line);
            if (record is not null)
            {
                DataFolder.Read(_folder!, () => Replay(record.RootElement));
            }
        }
    }

    private static JsonDocument? Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            // The run was killed while writing this line, so nobody has seen the change yet.
            return null;
        }
    }

    private bool Replay(JsonElement record)
    {
        var (kind, key) = (record.GetProperty("kind").GetString()!, record.GetProperty("key").GetString());
        if (record.TryGetProperty("value", out var value))
        {
            (_saved.TryGetValue(kind, out var values) ? values : _saved[kind] = new(StringComparer.Ordinal))[key!] = Encoding.UTF8.GetBytes(value.GetRawText());
            return true;
        }

        return key is null ? _saved.Remove(kind) : _saved.GetValueOrDefault(kind)?.Remove(key) == true;
    }
}
