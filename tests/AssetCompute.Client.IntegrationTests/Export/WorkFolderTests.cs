using AssetCompute.Client.IntegrationTests.Samples;
using AssetExport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Files that an export needs for a while.</summary>
public sealed class WorkFolderTests : IDisposable
{
    private readonly TemporaryFolder _parent = new();

    public void Dispose() => _parent.Dispose();

    [Fact]
    public void RemoveLeftovers_OfAProcessThatWasKilled_RemovesThemAndNothingElse()
    {
        string killed = _parent.File("asset-export-work-killed");
        string young = _parent.File("asset-export-work-young");
        string foreign = _parent.File("asset-export-1");
        foreach (string folder in (string[])[killed, young, foreign])
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "renditions")).FullName, "web.png"), "x");
        }

        File.WriteAllText(Path.Combine(killed, "lock"), "");
        using WorkFolder alive = New();
        DirectoryInfo inUse = alive.CreateFolder();
        File.WriteAllText(Path.Combine(inUse.FullName, "web.png"), "x");

        using WorkFolder started = New();
        started.RemoveLeftovers();

        Assert.False(Directory.Exists(killed));
        Assert.True(Directory.Exists(young));
        Assert.True(Directory.Exists(foreign));
        Assert.True(File.Exists(Path.Combine(inUse.FullName, "web.png")));
    }

    [Fact]
    public void Dispose_AfterUse_LeavesNothing()
    {
        using (WorkFolder work = New())
        {
            work.CreateFolder();
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(_parent.Path));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_parent.Path));
    }

    [Fact]
    public void Remove_OfWhatCannotBeRemoved_SaysSoAndDoesNotThrow()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is a folder that nobody can remove only on Linux.");
        LogCollector logs = new();
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddProvider(logs));
        using WorkFolder work = new(_parent.Path, factory.CreateLogger<WorkFolder>());

        work.Remove(new DirectoryInfo("/proc/self/task"));

        Assert.Contains(logs.Lines, line => line.Contains("/proc/self/task could not be removed", StringComparison.Ordinal));
    }

    private WorkFolder New() => new(_parent.Path, NullLogger<WorkFolder>.Instance);
}
