namespace AssetCompute.Emulator;

/// <summary>A fault that was added, and the calls or renditions that it has counted. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
internal sealed class ActiveFault<TFault>(TFault fault, TimeProvider clock)
    where TFault : PlannedFault
{
    private readonly Random _random = new(fault.Seed);
    private readonly TimeSpan _from = fault.From ?? TimeSpan.Zero;
    private readonly TimeSpan _until = fault.Until ?? TimeSpan.MaxValue;
    private readonly int _nth = fault.Nth ?? 1;
    private readonly long _added = clock.GetTimestamp();
    private long _seen;

    public TFault Fault => fault;

    private bool IsNow => clock.GetElapsedTime(_added) is var age && age >= _from && age < _until;

    private bool IsOver => fault.Times is { } most && _seen >= _nth - 1L + most;

    /// <summary>Returns the first fault that applies to the next call or rendition, and removes faults that are used up.</summary>
    public static TFault? Next(List<ActiveFault<TFault>> all, Func<TFault, bool> isMeant)
    {
        TFault? found = null;
        foreach (var active in all.Where(active => isMeant(active.Fault)))
        {
            if (active.Strikes(isTaken: found is not null))
            {
                found ??= active.Fault;
            }
        }

        all.RemoveAll(static active => active.IsOver);
        return found;
    }

    public override string ToString() => Amount() + (_from.Ticks, _until.Ticks) switch
    {
        (0, long.MaxValue) => "",
        (_, long.MaxValue) => $" from {_from.TotalSeconds:0.###} s on",
        _ => $" from {_from.TotalSeconds:0.###} s to {_until.TotalSeconds:0.###} s",
    };

    /// <summary>The third call is the third one, even if others fail the first two. A share draws for every call, so that the clock doesn't change which ones it chooses.</summary>
    private bool Strikes(bool isTaken) => fault.Share is { } share
        ? _random.NextDouble() < share & IsNow
        : IsNow && (!isTaken || _nth > 1) && ++_seen >= _nth;

    private string Amount() => fault.Share is { } share ? $"{share:0.##%}" : (Math.Max(1, _nth - _seen), fault.Times - Math.Max(0, _seen - _nth + 1)) switch
    {
        (1, null) => "all",
        (1, { } left) => $"the next {left}",
        (var first, 1) => $"number {first} from now",
        (var first, null) => $"from number {first} on",
        (var first, { } left) => $"{left} from number {first} on",
    };
}
