using System.Globalization;

namespace AssetCompute.Client.Tests.Fuzzing;

/// <summary>The number of inputs of a fuzz test: 20,000, or the value of ASSET_COMPUTE_FUZZ_INPUTS. A long run uses a million.</summary>
internal static class FuzzInputs
{
    public static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("ASSET_COMPUTE_FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out int inputs) ? inputs : 20_000;
}
