namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>The result of one run of a row.</summary>
/// <param name="Seconds">Time from the first call to the last success, across all processes.</param>
/// <param name="Succeeded">Number of calls that succeeded.</param>
/// <param name="Failed">Number of calls that ended with an error.</param>
/// <param name="Sent">Number of requests that the service received.</param>
/// <param name="LeastShare">The slowest process's share of the successes while all processes ran.</param>
/// <param name="Cpu">Processor seconds of the client processes.</param>
internal sealed record ThrottlingOutcome(double Seconds, int Succeeded, int Failed, int Sent, double LeastShare, double Cpu)
{
    public double SentPerSuccess => Sent / (double)Math.Max(1, Succeeded);

    public static ThrottlingOutcome Of(IReadOnlyList<CrowdResult> results, int sent)
    {
        double[] ends = [.. results.Select(result => result.Succeeded.DefaultIfEmpty(0).Max())];
        int[] whileAllRan = [.. results.Select(result => result.Succeeded.Count(time => time <= ends.Min()))];
        return new ThrottlingOutcome(
            ends.Max(),
            results.Sum(result => result.Succeeded.Count),
            results.Sum(result => result.Failed),
            sent,
            whileAllRan.Min() / (double)Math.Max(1, whileAllRan.Sum()),
            results.Sum(result => result.Cpu));
    }
}
