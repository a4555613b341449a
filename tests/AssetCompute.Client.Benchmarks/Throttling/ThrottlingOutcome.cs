namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>What one run of a row came to.</summary>
/// <param name="Seconds">From the first call to the last success, of all processes.</param>
/// <param name="Succeeded">Calls that succeeded.</param>
/// <param name="Failed">Calls that ended with an error.</param>
/// <param name="Sent">Requests that the service received.</param>
/// <param name="LeastShare">The share of the successes that the slowest process had while all ran.</param>
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
