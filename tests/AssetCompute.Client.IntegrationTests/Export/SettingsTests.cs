using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Processes;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests that the application reports invalid settings at startup.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Destinations:x:Type", "Ftp", "Destinations:x:Type")]
    [InlineData("Destinations:x:Path", "here", "Destinations:x:Type")]
    [InlineData("Destinations:folder:MaxParallelism", "0", "Destinations:folder:MaxParallelism")]
    [InlineData("Export:MaxAttempts", "0", "Export:MaxAttempts")]
    [InlineData("Export:Batch:Schedule", "0 * * *", "Schedule '0 * * *' must be a cron expression")]
    [InlineData("Export:Batch:Schedule", "0 0 30 2 *", "with at least one run")]
    [InlineData("Export:Batch:TimeZone", "Europe/Nowhere", "there is no TimeZone 'Europe/Nowhere'")]
    [InlineData("Export:Batch:Window", "22-6", "Window '22-6'")]
    [InlineData("Destinations:folder:MaxPerRun", "0", "Destinations:folder:MaxPerRun")]
    [InlineData("Destinations:folder:Name", "{path", "an unmatched brace")]
    [InlineData("Destinations:folder:Name", "../{path}", "an empty segment, '.' or '..'")]
    [InlineData("Destinations:folder:Name", "{sha1:3}", "allows 4 to 40 digits")]
    [InlineData("Rules:Folders:0:Path", "/etc", "Rules:Folders")]
    [InlineData("Rules:Folder:0:Path", "/content/dam", "Rules")]
    [InlineData("Aem:Author", "http://author.example.com", "Aem:Author")]
    [InlineData("Journal:Url", "", "Journal:Url")]
    [InlineData("Destinations:folder:Original", "false", "Destinations:folder")]
    [InlineData("Destinations:folder:Renditions:0:Name", "web.png", "RenditionStorage")]
    [InlineData("Destinations:folder:Renditions:0:Name", "..\\web.png", "Destinations:folder:Renditions:0:Name")]
    [InlineData("Destinations:two:Prefix", "/exported/", "Destinations:two:Prefix")]
    [InlineData("Destinations:one,two:Type", "Folder", "Destinations:one,two")]
    [InlineData("Destinations:folder:Pth", "here", "There is no setting Destinations:folder:Pth. Destinations:folder accepts ")]
    [InlineData("Destinations:two:Prefx", "exported/", "There is no setting Destinations:two:Prefx")]
    [InlineData("Aem:Autor", "https://author.example.com", "There is no setting Aem:Autor")]
    [InlineData("Journal:Strt", "Latest", "There is no setting Journal:Strt")]
    [InlineData("Webhook:Pth", "/events", "There is no setting Webhook:Pth")]
    [InlineData("Export:MaxBusyTime", "72:00:00", "For 72 hours write '3.00:00:00'.")]
    [InlineData("Export:RetryDelay", "5", "Export:RetryDelay is '5'")]
    [InlineData("Export:Retention", "30", "Export:Retention is '30'")]
    [InlineData("Export:StallTime", "00:00:00", "Export:StallTime")]
    [InlineData("Export:PollInterval", "60.00:00:00", "Export:PollInterval")]
    [InlineData("Export:Retention", "1000000.00:00:00", "Export:Retention")]
    public async Task Create_WithAWrongSetting_NamesIt(string key, string value, string named)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Journal:Url"] = "https://events.example.com/journal";
        if (key.StartsWith("Destinations:two:", StringComparison.Ordinal))
        {
            scenario["Destinations:two:Type"] = "AzureBlobs";
            scenario["Destinations:two:ContainerUrl"] = "https://account.blob.core.windows.net/container?sig=s3cret";
        }

        scenario[key] = value;

        SettingsException exception = Assert.Throws<SettingsException>(() => scenario.Build(ExportMode.Both));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name", "web.png", "Renditions has two renditions with the same name")]
    [InlineData("Width", "0", "Renditions:1:Width")]
    [InlineData("Quality", "101", "Renditions:1:Quality")]
    [InlineData("Widht", "100", "There is no setting Destinations:folder:Renditions:1:Widht")]
    public async Task Create_WithAWrongRendition_NamesIt(string key, string value, string named)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["RenditionStorage:Type"] = "Emulator";
        scenario["Destinations:folder:Renditions:0:Name"] = "web.png";
        scenario["Destinations:folder:Renditions:1:Name"] = "web.jpg";
        scenario[$"Destinations:folder:Renditions:1:{key}"] = value;

        SettingsException exception = Assert.Throws<SettingsException>(() => scenario.Build(ExportMode.Realtime));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_WithoutSettings_EndsWithTwoAndSaysWhatIsMissing()
    {
        using TemporaryFolder folder = new();
        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["run", "--mode", "batch"], sample: "AssetExport");

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("Aem:Author is missing", program.Errors, StringComparison.Ordinal);
        Assert.Contains("run 'asset-export init'", program.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--mode", "never")]
    [InlineData("reconcile", "--repear")]
    public async Task Program_WithAnArgumentThatMakesNoSense_EndsWithTwo(params string[] arguments)
    {
        using TemporaryFolder folder = new();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, arguments, sample: "AssetExport");

        Assert.Equal(2, program.ExitCode);
        Assert.Contains(arguments[^1], program.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://app:s3cret@db/export?sslmode=require")]
    [InlineData("Host = db; Username = app; Password = s3cret; Sslmod = require")]
    [InlineData("Username=app;Password=s3cret")]
    public async Task Program_WithAConnectionStringThatIsNone_EndsWithTwoAndKeepsItsPassword(string database)
    {
        using TemporaryFolder folder = new();

        ProgramRun program = await SampleProgram.RunAsync(folder.Path, ["run", "--mode", "realtime", "--database", database], sample: "AssetExport");

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("Database is not a valid Npgsql connection string", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", program.Output + program.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("Host=db;Username=app", true)]
    [InlineData("Username = app; Host = db", true)]
    [InlineData("server=db", true)]
    [InlineData("postgres://db/export", true)]
    [InlineData("pwd=s3cret", true)]
    [InlineData("export.db", false)]
    [InlineData("/srv/my host/export.db", false)]
    [InlineData("localhost.db", false)]
    public void IsConnectionString_OfASetting_TellsItFromAFile(string database, bool expected) =>
        Assert.Equal(expected, LedgerDatabase.IsConnectionString(database));
}
