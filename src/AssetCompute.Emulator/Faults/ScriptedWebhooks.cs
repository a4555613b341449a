namespace AssetCompute.Emulator;

/// <summary>The faults of webhooks in a script; what is not named stays as it is.</summary>
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
