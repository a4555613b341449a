using AssetCompute.Client.Tests;

namespace AssetCompute.Client.BrokerTests;

/// <summary>Where the samples are built: into the folder of the same name as these tests, bin/configuration/framework.</summary>
internal static class SampleProgram
{
    public static string Path(string sample) => System.IO.Path.Combine(RepositoryRoot.Path, "samples", sample, "bin", Bin(), sample + ".dll");

    private static string Bin() =>
        System.IO.Path.GetRelativePath(System.IO.Path.Combine(RepositoryRoot.Path, "tests", "AssetCompute.Client.BrokerTests", "bin"), AppContext.BaseDirectory);
}
