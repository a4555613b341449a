using System.Collections.Concurrent;

namespace AssetExport;

/// <summary>
/// How often AEM has refused to say what becomes of an event, or said what does not fit it. The inbox counts the attempts at which AEM was only busy too, and after an hour
/// of those the first refusal must not be the last. A restart counts anew; the inbox's own bound holds all the same.
/// </summary>
internal sealed class RefusalCounter
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one more.</summary>
    /// <returns>How many there were.</returns>
    public int Add(string id)
    {
        if (_counts.Count >= Capacity)
        {
            // Rather too many attempts than a memory without a bound.
            _counts.Clear();
        }

        return _counts.AddOrUpdate(id, 1, static (_, count) => count + 1);
    }

    /// <summary>The event is decided on.</summary>
    public void Forget(string id) => _counts.TryRemove(id, out _);
}
