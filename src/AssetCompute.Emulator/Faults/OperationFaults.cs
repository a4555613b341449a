namespace AssetCompute.Emulator;

/// <summary>The faults of one operation. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
internal sealed class OperationFaults(EmulatorOperation operation)
{
    private readonly SortedList<int, CallLimit> _limits = [];

    public List<CountedFault<EmulatorFault>> Counted { get; } = [];

    public List<PartOfCalls> Shares { get; } = [];

    /// <summary>Sets a limit, in the place of the one of its kind.</summary>
    public void Set(CallLimit limit) => _limits[limit.Order] = limit;

    /// <summary>The fault of a call that has arrived.</summary>
    /// <param name="path">Its path, decoded.</param>
    /// <param name="spelling">Decides on the body of a 429.</param>
    /// <param name="place">What the call holds while it is worked on; null for nothing.</param>
    public EmulatorFault? Take(string path, WireSpelling spelling, out CallsAtATime? place)
    {
        place = null;
        bool IsMeant(EmulatorFault fault) => fault.Path is not { } pattern || FaultPattern.Matches(pattern, path);
        if (CountedFault<EmulatorFault>.Next(Counted, IsMeant) is { } planned)
        {
            return planned;
        }

        // Every share draws at every call, hit or not: what one share or limit does must not change which calls the next one fails.
        var drawn = Shares.Where(share => IsMeant(share.Fault)).Where(share => share.Draw()).ToList();
        foreach (var limit in _limits.Values)
        {
            if (!limit.TryTake(out var wait))
            {
                return limit.Refusal(wait, spelling);
            }

            place = limit as CallsAtATime;
        }

        return drawn.FirstOrDefault()?.Fault;
    }

    public IEnumerable<string> Describe() =>
    [
        .. Counted.Select(planned => $"{operation}{planned.Fault.Place}: {planned} → {planned.Fault.Title}"),
        .. Shares.Select(share => $"{operation}{share.Fault.Place}: {share} → {share.Fault.Title}"),
        .. _limits.Values.Select(limit => $"{operation}: {limit.Description}, then 429"),
    ];
}
