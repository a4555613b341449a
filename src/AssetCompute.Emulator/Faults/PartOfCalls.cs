namespace AssetCompute.Emulator;

/// <summary>A share of the calls of a span of time, chosen by a generator of its own.</summary>
internal sealed class PartOfCalls(double share, EmulatorFault fault, int seed, FaultSpan span)
{
    private readonly Random _random = new(seed);

    public EmulatorFault Fault => fault;

    /// <summary>Whether the next call belongs to it. It draws at every call, also outside of its span, so that the clock does not change which calls are chosen.</summary>
    public bool Draw() => _random.NextDouble() < share & span.IsNow;

    public override string ToString() => $"{share:0.##%}{span}";
}
