namespace AssetCompute.Emulator;

/// <summary>A limit of calls at a time, of a script.</summary>
internal sealed record ScriptedConcurrencyLimit(EmulatorOperation Operation, int Calls, double? RetryAfterSeconds = null, bool SendRetryAfter = true)
{
    public void ApplyTo(EmulatorFaults faults) => faults.LimitConcurrency(Operation, Calls, FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
