using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AssetCompute.Emulator;

/// <summary>Notifies open pages of the sections that are out of date, and combines several changes into one message.</summary>
internal sealed class LiveUpdates
{
    private readonly ConcurrentDictionary<Guid, Listener> _listeners = [];

    public LiveUpdates(EmulatorParts parts)
    {
        parts.Calls.Changed += _ => Tell("calls");
        parts.Jobs.Changed += _ => Tell("jobs");
        parts.Jobs.History.Forgot += _ => Tell("jobs");
        parts.Registrations.Appended += (_, _) => Tell("events");
        parts.Aem.Changed += () => Tell("aem");
        parts.Aem.Registrations.Changed += () => Tell("aem");
        parts.Faults.Changed += () => Tell("faults");
    }

    /// <summary>Returns the names of changed sections, until cancelled.</summary>
    public async IAsyncEnumerable<string> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var listener = _listeners.GetOrAdd(id, _ => new());
        try
        {
            while (true)
            {
                await listener.Signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                yield return string.Join(' ', listener.Take());
            }
        }
        finally
        {
            _listeners.TryRemove(id, out _);
        }
    }

    private void Tell(string section)
    {
        foreach (var listener in _listeners.Values)
        {
            listener.Add(section);
        }
    }

    private sealed class Listener
    {
        private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.Ordinal);

        /// <summary>Keeps at most one signal, however often something changes while a page processes the previous one.</summary>
        public Channel<bool> Signal { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Add(string section)
        {
            _changed[section] = true;
            Signal.Writer.TryWrite(true);
        }

        public string[] Take()
        {
            var sections = _changed.Keys.ToArray();
            foreach (var section in sections)
            {
                _changed.TryRemove(section, out _);
            }

            return sections;
        }
    }
}
