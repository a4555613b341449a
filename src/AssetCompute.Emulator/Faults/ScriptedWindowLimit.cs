namespace AssetCompute.Emulator;

/// <summary>A limit of calls in each span of time, of a script.</summary>
internal sealed record ScriptedWindowLimit : ScriptedLimit
{
    public required int Calls { get; set; }

    public required double WindowSeconds { get; set; }

    public override void ApplyTo(EmulatorFaults faults) =>
        faults.LimitWindow(Operation, Calls, TimeSpan.FromSeconds(WindowSeconds), FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
