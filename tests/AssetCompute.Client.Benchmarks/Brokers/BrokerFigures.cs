namespace AssetCompute.Client.Benchmarks.Brokers;

/// <summary>What one row took in one round.</summary>
/// <param name="Rate">Events per second, from the first that was handled to the last.</param>
/// <param name="Milliseconds">Processor time of the workers for each event, start included.</param>
/// <param name="Megabytes">The most memory of a worker.</param>
/// <param name="Lost">How many events were never handled, with the kills.</param>
/// <param name="Twice">How many times an event was handled again, with the kills.</param>
internal sealed record BrokerFigures(double Rate, double Milliseconds, double Megabytes, int Lost, int Twice)
{
    /// <summary>The median of each figure, but the most that were lost.</summary>
    public static BrokerFigures Of(IReadOnlyCollection<BrokerFigures> rounds) => new(
        Median(rounds.Select(static round => round.Rate)),
        Median(rounds.Select(static round => round.Milliseconds)),
        Median(rounds.Select(static round => round.Megabytes)),
        rounds.Max(static round => round.Lost),
        (int)Median(rounds.Select(static round => (double)round.Twice)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
