namespace AssetCompute.Emulator;

/// <summary>A fault in a script: for the next calls, for a share of all calls, or for a time span.</summary>
internal sealed record ScriptedFault(
    EmulatorOperation Operation,
    int? Next = null,
    int? Nth = null,
    string? Path = null,
    double? Share = null,
    int Seed = 0,
    double? FromSeconds = null,
    double? UntilSeconds = null,
    string? Name = null,
    int? Status = null,
    double? RetryAfterSeconds = null,
    bool RetryAfterAsDate = false,
    IReadOnlyDictionary<string, string>? Headers = null,
    string? Body = null,
    string? ContentType = null,
    double DelayMilliseconds = 0,
    EmulatorFaultConnection Connection = EmulatorFaultConnection.Keep) : ScriptedChange
{
    public override void ApplyTo(EmulatorFaults faults)
    {
        var fault = new EmulatorFault
        {
            Name = Name,
            Path = Path,
            Status = Status,
            RetryAfter = FaultScript.Seconds(RetryAfterSeconds),
            RetryAfterAsDate = RetryAfterAsDate,
            Headers = Headers,
            Body = Body,
            ContentType = ContentType,
            Delay = TimeSpan.FromMilliseconds(DelayMilliseconds),
            Connection = Connection,
        };
        if (Share is null && FromSeconds is null && UntilSeconds is null)
        {
            faults.Nth(Operation, Nth ?? 1, fault, Next ?? 1);
            return;
        }

        if (Next is not null || Nth is not null)
        {
            throw new ArgumentException("A fault is for the next or the nth call, or for a share or a span of time, not for both.");
        }

        faults.During(
            Operation,
            FaultScript.Seconds(FromSeconds) ?? TimeSpan.Zero,
            FaultScript.Seconds(UntilSeconds) ?? TimeSpan.MaxValue,
            fault,
            Share ?? 1,
            Seed);
    }
}
