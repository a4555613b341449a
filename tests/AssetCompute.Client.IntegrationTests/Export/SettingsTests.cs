using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Processes;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Wrong settings are named at the start.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Destinations:x:Type", "Ftp", "Destinations:x:Type")]
    [InlineData("Destinations:x:Path", "here", "Destinations:x:Type")]
    [InlineData("Destinations:folder:MaxParallelism", "0", "Destinations:folder:MaxParallelism")]
    [InlineData("Export:MaxAttempts", "0", "Export:MaxAttempts")]
    [InlineData("Export:Batch:Interval", "00:00:00", "Export:Batch:Interval")]
    [InlineData("Aem:Author", "http://author.example.com", "Aem:Author")]
    [InlineData("Journal:Url", "", "Journal:Url")]
    [InlineData("Destinations:folder:Original", "false", "Destinations:folder")]
    public async Task Create_WithAWrongSetting_NamesIt(string key, string value, string named)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Journal:Url"] = "https://events.example.com/journal";
        scenario[key] = value;

        SettingsException exception = Assert.Throws<SettingsException>(() => scenario.Build(ExportMode.Both));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_WithoutSettings_EndsWithTwoAndSaysWhatIsMissing()
    {
        using TemporaryFolder folder = new();
        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["--mode", "batch"], sample: "AssetExport");

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("Aem:Author is missing", program.Errors, StringComparison.Ordinal);
    }
}
