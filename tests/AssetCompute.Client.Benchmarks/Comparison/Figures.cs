namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>The medians of several rounds, per item.</summary>
internal sealed class Figures(IReadOnlyList<Measurement> rounds)
{
    /// <summary>Microseconds of processor time since the start of the process.</summary>
    public double Whole { get; } = Median(rounds.Select(static round => round.WholeMicroseconds));

    /// <summary>Microseconds of processor time after warm-up.</summary>
    public double Cpu { get; } = Median(rounds.Select(static round => round.CpuMicroseconds));

    public double Wall { get; } = Median(rounds.Select(static round => round.WallMicroseconds));

    public double? Allocated { get; } = rounds[0].Allocated is null ? null : Median(rounds.Select(static round => round.AllocatedBytes!.Value));

    public double Peak { get; } = Median(rounds.Select(static round => round.Peak));

    public double? Extra { get; } = rounds[0].Extra is null ? null : Median(rounds.Select(static round => round.Extra!.Value));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
