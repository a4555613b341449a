using AssetCompute.Client.IntegrationTests.Samples;
using AssetExport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the temporary files of an export.</summary>
public sealed class WorkFolderTests : IDisposable
{
    private readonly TemporaryFolder _parent = new();

    public void Dispose() => _parent.Dispose();

    [Fact]
    public void RemoveLeftovers_OfAProcessThatWasKilled_RemovesThemAndNothingElse()
    {
        string killed = _parent.File("asset-export-work-killed");
        string foreign = _parent.File("asset-export-1");
        foreach (string folder in (string[])[killed, foreign])
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "web.png"), "x");
            File.WriteAllText(Path.Combine(folder, ".lock"), "");
        }

        using WorkFolder inUse = New();
        File.WriteAllText(Path.Combine(inUse.FullName, "web.png"), "x");

        WorkFolder.RemoveLeftovers(_parent.Path);

        Assert.False(Directory.Exists(killed));
        Assert.True(Directory.Exists(foreign));
        Assert.True(File.Exists(Path.Combine(inUse.FullName, "web.png")));
    }

    [Fact]
    public async Task FolderDestination_WithWhatIsLeftOfExportsThatNobodyMakesAnyMore_RemovesIt()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        string incoming = Directory.CreateDirectory(Path.Combine(scenario.Exported, ".incoming")).FullName;
        string left = Path.Combine(incoming, $"{new string('a', 32)}.1.tmp");
        string written = Path.Combine(incoming, $"{new string('b', 32)}.1.tmp");
        await File.WriteAllTextAsync(left, "x", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(written, "x", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow - TimeSpan.FromDays(3));
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt");

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported);

        Assert.Equal([written], Directory.EnumerateFiles(incoming));
    }

    [Fact]
    public void Dispose_AfterUse_LeavesNothing()
    {
        using (WorkFolder work = New())
        {
            File.WriteAllText(Path.Combine(work.FullName, "web.png"), "x");
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(work.FullName));
            }
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_parent.Path));
    }

    [Fact]
    public void Dispose_OfWhatCannotBeRemoved_SaysSoAndDoesNotThrow()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not remove a folder with a locked file.");
        LogCollector logs = new();
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddProvider(logs));
        WorkFolder work = new(_parent.Path, factory.CreateLogger<WorkFolder>());
        Directory.Delete(work.FullName, recursive: true);

        work.Dispose();

        Assert.Contains(logs.Lines, line => line.Contains($"{work.FullName} could not be removed", StringComparison.Ordinal));
    }

    private WorkFolder New() => new(_parent.Path, NullLogger.Instance);
}
