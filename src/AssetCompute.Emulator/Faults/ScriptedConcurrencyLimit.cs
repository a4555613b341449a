namespace AssetCompute.Emulator;

/// <summary>A concurrency limit in a script.</summary>
internal sealed record ScriptedConcurrencyLimit(EmulatorOperation Operation, int Calls, double? RetryAfterSeconds = null, bool SendRetryAfter = true)
{
    public void ApplyTo(EmulatorFaults faults) => faults.LimitConcurrency(Operation, Calls, FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
