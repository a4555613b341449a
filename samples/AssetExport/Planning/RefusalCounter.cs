using System.Collections.Concurrent;

namespace AssetExport;

/// <summary>
/// Counts how often AEM has refused a request for an event, or returned data that does not match it. The inbox also counts attempts while AEM was only busy,
/// and after an hour of those the first refusal must not be the last one. The counts are lost at a restart, but the limit of the inbox still applies.
/// </summary>
internal sealed class RefusalCounter
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Increments the count.</summary>
    /// <returns>The count.</returns>
    public int Add(string id)
    {
        if (_counts.Count >= Capacity)
        {
            // Too many attempts are better than unlimited memory use.
            _counts.Clear();
        }

        return _counts.AddOrUpdate(id, 1, static (_, count) => count + 1);
    }

    /// <summary>Removes the count after a decision.</summary>
    public void Forget(string id) => _counts.TryRemove(id, out _);
}
