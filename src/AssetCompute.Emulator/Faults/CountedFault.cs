namespace AssetCompute.Emulator;

/// <summary>A fault that applies to a number of calls or renditions. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
/// <param name="fault">The fault.</param>
/// <param name="nth">The first call or rendition that fails, from 1.</param>
/// <param name="times">The number that fail; null for all that follow.</param>
internal sealed class CountedFault<TFault>(TFault fault, int nth, int? times)
    where TFault : class
{
    private long _seen;

    public TFault Fault => fault;

    /// <summary>Whether calls that another fault applies to are counted too. The third call is the third one, even if the first two failed.</summary>
    private bool CountsAll => nth > 1;

    private bool IsOver => times is { } most && _seen >= nth - 1L + most;

    /// <summary>Returns the first fault that applies to the next call or rendition, and removes faults that are used up.</summary>
    public static TFault? Next(List<CountedFault<TFault>> all, Func<TFault, bool> isMeant)
    {
        TFault? found = null;
        foreach (var planned in all.Where(planned => isMeant(planned.Fault)))
        {
            if ((found is null || planned.CountsAll) && planned.Strikes())
            {
                found ??= planned.Fault;
            }
        }

        all.RemoveAll(static planned => planned.IsOver);
        return found;
    }

    public override string ToString() => (Math.Max(1, nth - _seen), times - Math.Max(0, _seen - nth + 1)) switch
    {
        (1, null) => "all",
        (1, { } left) => $"the next {left}",
        (var first, 1) => $"number {first} from now",
        (var first, null) => $"from number {first} on",
        (var first, { } left) => $"{left} from number {first} on",
    };

    private bool Strikes() => ++_seen >= nth;
}
