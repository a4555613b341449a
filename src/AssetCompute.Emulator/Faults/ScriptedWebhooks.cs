namespace AssetCompute.Emulator;

/// <summary>The faults of webhooks in a script; what is not named stays as it is.</summary>
internal sealed record ScriptedWebhooks
{
    public double? DuplicateShare { get; set; }

    public double? ReorderShare { get; set; }

    public int? Seed { get; set; }

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
