namespace AssetCompute.Emulator;

/// <summary>Renditions of a script that fail: by their own name, by the name of their asset, or by both.</summary>
internal sealed record ScriptedRendition
{
    public string? Name { get; set; }

    public string? Asset { get; set; }

    public required string Reason { get; set; }

    public string? Message { get; set; }

    public int Nth { get; set; } = 1;

    public int? Next { get; set; }

    public void ApplyTo(EmulatorFaults faults) => faults.Fail(Name, Asset, Reason, Message, Next, Nth);
}
