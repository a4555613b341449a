namespace AssetCompute.Emulator;

/// <summary>A concurrency limit in a script.</summary>
internal sealed record ScriptedConcurrencyLimit(EmulatorOperation Operation, int Calls, double? RetryAfterSeconds = null, bool SendRetryAfter = true) : ScriptedChange
{
    public override void ApplyTo(EmulatorFaults faults) => faults.LimitConcurrency(Operation, Calls, FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
