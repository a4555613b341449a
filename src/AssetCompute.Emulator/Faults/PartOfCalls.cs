namespace AssetCompute.Emulator;

/// <summary>A share of the calls of a span of time, chosen by a generator of its own.</summary>
internal sealed class PartOfCalls(double share, EmulatorFault fault, int seed, TimeSpan from, TimeSpan until, TimeProvider clock)
{
    private readonly Random _random = new(seed);
    private readonly long _added = clock.GetTimestamp();

    public EmulatorFault Fault => fault;

    /// <summary>Whether the next call belongs to it. It draws at every call, also outside of its span, so that the clock does not change which calls are chosen.</summary>
    public bool Draw()
    {
        var isChosen = _random.NextDouble() < share;
        var age = clock.GetElapsedTime(_added);
        return isChosen && age >= from && age < until;
    }

    public override string ToString() => $"{share:0.##%}" + (from, until) switch
    {
        ({ Ticks: 0 }, { Ticks: long.MaxValue }) => "",
        (_, { Ticks: long.MaxValue }) => $" from {from.TotalSeconds:0.###} s on",
        _ => $" from {from.TotalSeconds:0.###} s to {until.TotalSeconds:0.###} s",
    };
}
