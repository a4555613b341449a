namespace AssetCompute.Emulator;

/// <summary>A limit of calls at a time, of a script.</summary>
internal sealed record ScriptedConcurrencyLimit : ScriptedLimit
{
    public required int Calls { get; set; }

    public override void ApplyTo(EmulatorFaults faults) =>
        faults.LimitConcurrency(Operation, Calls, FaultScript.Seconds(RetryAfterSeconds), SendRetryAfter);
}
