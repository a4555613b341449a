using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>The demonstration's command line, as far as it starts nothing.</summary>
public sealed class DemoCommandLineTests
{
    [Theory]
    [InlineData("--assets", "1")]
    [InlineData("--nothing")]
    public async Task Run_with_an_argument_that_makes_no_sense_ends_with_two(params string[] arguments) => Assert.Equal(2, await DemoCommandLine.RunAsync(arguments));
}
