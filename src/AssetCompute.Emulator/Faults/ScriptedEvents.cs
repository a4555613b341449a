namespace AssetCompute.Emulator;

/// <summary>The faults of events in a script. Settings that are not given stay unchanged.</summary>
internal record ScriptedEvents(double? DuplicateShare = null, double? ReorderShare = null, int? Seed = null)
{
    public void ApplyTo(EmulatorEventFaults faults)
    {
        faults.DuplicateShare = DuplicateShare ?? faults.DuplicateShare;
        faults.ReorderShare = ReorderShare ?? faults.ReorderShare;
        if (Seed is { } seed)
        {
            faults.Seed(seed);
        }
    }
}
