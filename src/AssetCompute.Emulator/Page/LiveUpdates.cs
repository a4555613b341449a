using System.Collections.Concurrent;

namespace AssetCompute.Emulator;

/// <summary>Counts the changes of each section of the page.</summary>
internal sealed class LiveUpdates
{
    private readonly ConcurrentDictionary<string, int> _versions = [];

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

    /// <summary>The number of changes by section.</summary>
    public IReadOnlyCollection<KeyValuePair<string, int>> Versions => _versions.ToArray();

    private void Tell(string section) => _versions.AddOrUpdate(section, 1, static (_, version) => version + 1);
}
