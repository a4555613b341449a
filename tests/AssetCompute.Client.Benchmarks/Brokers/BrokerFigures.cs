namespace AssetCompute.Client.Benchmarks.Brokers;

/// <summary>The measurements of one row in one round.</summary>
/// <param name="Rate">Events per second, from the first handled event to the last.</param>
/// <param name="Milliseconds">Processor time of the workers per event, including startup.</param>
/// <param name="Megabytes">Peak memory of a worker.</param>
/// <param name="Lost">Number of events that were never handled in the run with kills.</param>
/// <param name="Twice">Number of times an event was handled again in the run with kills.</param>
internal sealed record BrokerFigures(double Rate, double Milliseconds, double Megabytes, int Lost, int Twice)
{
    /// <summary>The median of each figure, except for lost events: their maximum.</summary>
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
