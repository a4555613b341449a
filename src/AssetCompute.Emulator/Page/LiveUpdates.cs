using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AssetCompute.Emulator;

/// <summary>Tells open pages which of their sections are out of date, several changes in one message.</summary>
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

    /// <summary>The names of changed sections, from now until cancelled.</summary>
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

        /// <summary>At most one signal waits, however much changes while a page is busy with the last.</summary>
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
