namespace AssetCompute.Emulator;

/// <summary>A share of the calls in a time span, chosen by a separate random generator.</summary>
internal sealed class PartOfCalls(double share, EmulatorFault fault, int seed, FaultSpan span)
{
    private readonly Random _random = new(seed);

    public EmulatorFault Fault => fault;

    /// <summary>
    /// Whether the next call belongs to the share. It draws for every call, even outside the time span, so that the clock doesn't change which calls
    /// are chosen.
    /// </summary>
    public bool Draw() => _random.NextDouble() < share & span.IsNow;

    public override string ToString() => $"{share:0.##%}{span}";
}
