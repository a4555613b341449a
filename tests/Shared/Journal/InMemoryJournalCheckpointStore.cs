using System.Collections.Concurrent;

namespace AssetCompute.Client.Tests.Shared;

/// <summary>Stores positions in memory.</summary>
internal sealed class InMemoryJournalCheckpointStore : IJournalCheckpointStore
{
    private readonly ConcurrentDictionary<string, JournalPosition> _positions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<JournalPosition?> LoadAsync(string name, CancellationToken cancellationToken = default) =>
        new(_positions.TryGetValue(name, out JournalPosition position) ? position : null);

    /// <inheritdoc/>
    public ValueTask SaveAsync(string name, JournalPosition position, CancellationToken cancellationToken = default)
    {
        _positions[name] = position;
        return default;
    }
}
