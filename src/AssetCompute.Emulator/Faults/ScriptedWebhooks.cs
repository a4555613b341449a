namespace AssetCompute.Emulator;

/// <summary>The webhook faults in a script. Settings that are not given stay unchanged.</summary>
internal sealed record ScriptedWebhooks(double? DuplicateShare = null, double? ReorderShare = null, int? Seed = null)
{
    public void ApplyTo(EmulatorWebhookFaults faults)
    {
        faults.DuplicateShare = DuplicateShare ?? faults.DuplicateShare;
        faults.ReorderShare = ReorderShare ?? faults.ReorderShare;
        if (Seed is { } seed)
        {
            faults.Seed(seed);
        }
    }
}
