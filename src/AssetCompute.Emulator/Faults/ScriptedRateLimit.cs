namespace AssetCompute.Emulator;

/// <summary>A rate limit in a script.</summary>
internal sealed record ScriptedRateLimit(EmulatorOperation Operation, double PerSecond, int Burst, double? RetryAfterSeconds = null, bool SendRetryAfter = true) : ScriptedChange
{
    public override void ApplyTo(EmulatorFaults faults) => faults.LimitRate(Operation, PerSecond, Burst, FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
