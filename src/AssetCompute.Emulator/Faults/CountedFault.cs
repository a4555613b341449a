namespace AssetCompute.Emulator;

/// <summary>A fault for a number of the calls or renditions that come. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
/// <param name="fault">The fault.</param>
/// <param name="nth">The first one that it strikes, from 1.</param>
/// <param name="times">How many it strikes; null for all that follow.</param>
internal sealed class CountedFault<TFault>(TFault fault, int nth, int? times)
    where TFault : class
{
    private long _seen;

    public TFault Fault => fault;

    /// <summary>Whether it counts what another fault strikes, too: the third call is the third one, whatever becomes of the two before it.</summary>
    private bool CountsAll => nth > 1;

    private bool IsOver => times is { } most && _seen >= nth - 1L + most;

    /// <summary>The first fault that strikes the next call or rendition. Those that are over are removed.</summary>
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
