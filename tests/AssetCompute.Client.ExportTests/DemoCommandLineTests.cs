using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>Tests for command lines of the demonstration that start no server.</summary>
public sealed class DemoCommandLineTests
{
    [Theory]
    [InlineData("--assets", "1")]
    [InlineData("--nothing")]
    public async Task Run_with_an_argument_that_makes_no_sense_ends_with_two(params string[] arguments) => Assert.Equal(2, await DemoCommandLine.RunAsync(arguments));
}
