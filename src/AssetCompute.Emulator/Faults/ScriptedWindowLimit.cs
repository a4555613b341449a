namespace AssetCompute.Emulator;

/// <summary>A limit on calls per time window in a script.</summary>
internal sealed record ScriptedWindowLimit(EmulatorOperation Operation, int Calls, double WindowSeconds, double? RetryAfterSeconds = null, bool SendRetryAfter = true) : ScriptedChange
{
    public override void ApplyTo(EmulatorFaults faults) =>
        faults.LimitWindow(Operation, Calls, TimeSpan.FromSeconds(WindowSeconds), FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
