namespace AssetCompute.Emulator;

/// <summary>What all limits of a script have.</summary>
internal abstract record ScriptedLimit
{
    public required EmulatorOperation Operation { get; set; }

    public double? RetryAfterSeconds { get; set; }

    public bool SendRetryAfter { get; set; } = true;

    public abstract void ApplyTo(EmulatorFaults faults);
}
