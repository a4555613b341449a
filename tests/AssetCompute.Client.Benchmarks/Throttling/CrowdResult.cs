using System.Text.Json;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>The results of a crowd's calls.</summary>
/// <param name="Failed">Number of calls that ended with an error.</param>
/// <param name="Cpu">Processor seconds of the whole process since the first call.</param>
/// <param name="Succeeded">Times of the successful calls, in seconds since the first call.</param>
internal sealed record CrowdResult(int Failed, double Cpu, IReadOnlyList<double> Succeeded)
{
    public static CrowdResult Parse(string json) => JsonSerializer.Deserialize<CrowdResult>(json, JsonSerializerOptions.Web)!;

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
