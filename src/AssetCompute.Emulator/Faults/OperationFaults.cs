namespace AssetCompute.Emulator;

/// <summary>The faults of one operation. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
internal sealed class OperationFaults(EmulatorOperation operation)
{
    public List<CountedFault<EmulatorFault>> Counted { get; } = [];

    public List<PartOfCalls> Shares { get; } = [];

    public TokenBucket? Rate { get; set; }

    public CallWindow? Window { get; set; }

    public CallsAtATime? Concurrency { get; set; }

    /// <summary>Concurrency is last, so that only a call that passes all other limits occupies a slot.</summary>
    private IEnumerable<CallLimit> Limits => new CallLimit?[] { Rate, Window, Concurrency }.OfType<CallLimit>();

    /// <summary>Gets the fault for a call that has arrived.</summary>
    /// <param name="path">The decoded path of the call.</param>
    /// <param name="spelling">Determines the body of a 429.</param>
    /// <param name="place">The slot that the call occupies while it is processed; null for none.</param>
    public EmulatorFault? Take(string path, WireSpelling spelling, out CallsAtATime? place)
    {
        place = null;
        bool IsMeant(EmulatorFault fault) => fault.Path is not { } pattern || FaultPattern.Matches(pattern, path);
        if (CountedFault<EmulatorFault>.Next(Counted, IsMeant) is { } planned)
        {
            return planned;
        }

        // Every share draws a number for every call, so that one share or limit doesn't change which calls another share fails.
        var drawn = Shares.Where(share => IsMeant(share.Fault)).Where(share => share.Draw()).ToList();
        foreach (var limit in Limits)
        {
            if (!limit.TryTake(out var wait))
            {
                return limit.Refusal(wait, spelling);
            }
        }

        place = Concurrency;
        return drawn.FirstOrDefault()?.Fault;
    }

    public IEnumerable<string> Describe() =>
    [
        .. Counted.Select(planned => $"{operation}{planned.Fault.Place}: {planned} → {planned.Fault.Title}"),
        .. Shares.Select(share => $"{operation}{share.Fault.Place}: {share} → {share.Fault.Title}"),
        .. Limits.Select(limit => $"{operation}: {limit.Description}, then 429"),
    ];
}
