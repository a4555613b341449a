namespace AssetCompute.Emulator;

/// <summary>Renditions in a script that fail: by their name, by the name of their asset, or by both.</summary>
internal sealed record ScriptedRendition(
    string Reason, string? Name = null, string? Asset = null, string? Message = null, int Nth = 1, int? Next = null, double? FromSeconds = null, double? UntilSeconds = null) : ScriptedChange
{
    public override void ApplyTo(EmulatorFaults faults) =>
        faults.AddRendition(Name, Asset, Reason, Message, Next, Nth, FaultScript.Seconds(FromSeconds), FaultScript.Seconds(UntilSeconds));
}
