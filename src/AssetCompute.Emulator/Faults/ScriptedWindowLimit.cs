namespace AssetCompute.Emulator;

/// <summary>A limit of calls in each span of time, of a script.</summary>
internal sealed record ScriptedWindowLimit(EmulatorOperation Operation, int Calls, double WindowSeconds, double? RetryAfterSeconds = null, bool SendRetryAfter = true)
{
    public void ApplyTo(EmulatorFaults faults) =>
        faults.LimitWindow(Operation, Calls, TimeSpan.FromSeconds(WindowSeconds), FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
