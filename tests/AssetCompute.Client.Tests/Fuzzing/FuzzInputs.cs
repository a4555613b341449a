using System.Globalization;

namespace AssetCompute.Client.Tests.Fuzzing;

/// <summary>How many inputs a fuzz test takes: 20,000, or what ASSET_COMPUTE_FUZZ_INPUTS says. A long run takes a million.</summary>
internal static class FuzzInputs
{
    public static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("ASSET_COMPUTE_FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out int inputs) ? inputs : 20_000;
}
