namespace AssetCompute.Emulator;

/// <summary>A rate limit of a script.</summary>
internal sealed record ScriptedRateLimit : ScriptedLimit
{
    public required double PerSecond { get; set; }

    public required int Burst { get; set; }

    public override void ApplyTo(EmulatorFaults faults) =>
        faults.LimitRate(Operation, PerSecond, Burst, FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
