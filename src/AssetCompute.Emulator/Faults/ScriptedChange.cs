namespace AssetCompute.Emulator;

/// <summary>An entry of a list in a script.</summary>
internal abstract record ScriptedChange
{
    public abstract void ApplyTo(EmulatorFaults faults);
}
