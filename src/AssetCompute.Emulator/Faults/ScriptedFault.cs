namespace AssetCompute.Emulator;

/// <summary>One fault of a script: for the next calls, or for a share of them.</summary>
internal sealed record ScriptedFault
{
    public required EmulatorOperation Operation { get; set; }

    public int? Next { get; set; }

    public double? Share { get; set; }

    public int Seed { get; set; }

    public string? Name { get; set; }

    public int? Status { get; set; }

    public double? RetryAfterSeconds { get; set; }

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
            Status = Status,
            RetryAfter = FaultScript.Seconds(RetryAfterSeconds),
            Headers = Headers,
            Body = Body,
            ContentType = ContentType,
            Delay = TimeSpan.FromMilliseconds(DelayMilliseconds),
            Connection = Connection,
        };
        if (Share is { } share)
        {
            faults.Share(Operation, share, fault, Seed);
        }
        else
        {
            faults.Next(Operation, fault, Next ?? 1);
        }
    }
}
