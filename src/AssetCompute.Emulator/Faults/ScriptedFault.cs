namespace AssetCompute.Emulator;

/// <summary>One fault of a script: for the next calls, for a share of all, or for a span of time.</summary>
internal sealed record ScriptedFault
{
    public required EmulatorOperation Operation { get; set; }

    public int? Next { get; set; }

    public int? Nth { get; set; }

    public string? Path { get; set; }

    public double? Share { get; set; }

    public int Seed { get; set; }

    public double? FromSeconds { get; set; }

    public double? UntilSeconds { get; set; }

    public string? Name { get; set; }

    public int? Status { get; set; }

    public double? RetryAfterSeconds { get; set; }

    public bool RetryAfterAsDate { get; set; }

    public IReadOnlyDictionary<string, string>? Headers { get; set; }

    public string? Body { get; set; }

    public string? ContentType { get; set; }

    public double DelayMilliseconds { get; set; }

    public EmulatorFaultConnection Connection { get; set; }

    public void ApplyTo(EmulatorFaults faults)
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
