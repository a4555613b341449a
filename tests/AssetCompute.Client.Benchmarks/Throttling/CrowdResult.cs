using System.Text.Json;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>What became of a crowd's calls.</summary>
/// <param name="Failed">How many ended with an error.</param>
/// <param name="Cpu">Processor seconds of the whole process, from the first call on.</param>
/// <param name="Succeeded">When the others succeeded, in seconds from the first call on.</param>
internal sealed record CrowdResult(int Failed, double Cpu, IReadOnlyList<double> Succeeded)
{
    public static CrowdResult Parse(string json) => JsonSerializer.Deserialize<CrowdResult>(json, JsonSerializerOptions.Web)!;

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
