using AssetExport;
using AssetExport.Demo;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for errors of an OpenSSH server.</summary>
public sealed class SftpFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FolderWhereAFileShouldBe_AndTheOtherWayRound_FailAlone()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await SftpDestinationTests.CreateAsync(server);
        Directory.CreateDirectory(SftpDestinationTests.FileOf(server, "folder.txt"));
        await File.WriteAllTextAsync(SftpDestinationTests.FileOf(server, "file"), "x", Token);
        await UserProgram.OwnAsync(server.Files);
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string name in (string[])["folder.txt", "file/b.txt", "c.txt"])
        {
            await scenario.AddAsync(name, "sftp");
            await scenario.TellAsync($"/content/dam/{name}");
        }

        await scenario.WaitForAsync("c.txt", ExportState.Exported, "sftp");
        Assert.Contains("is a folder", (await scenario.WaitForAsync("folder.txt", ExportState.Failed, "sftp")).Reason, StringComparison.Ordinal);
        Assert.Contains("is a file", (await scenario.WaitForAsync("file/b.txt", ExportState.Failed, "sftp")).Reason, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    [Fact]
    public async Task FolderThatMayNotBeWrittenTo_FailsWithThatReason()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await SftpDestinationTests.CreateAsync(server);
        string closed = Directory.CreateDirectory(SftpDestinationTests.FileOf(server, "closed")).FullName;
        await UserProgram.OwnAsync(server.Files);
        UserProgram.SetMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("closed/a.txt", "sftp");

        await scenario.TellAsync("/content/dam/closed/a.txt");
        ExportEntry failed = await scenario.WaitForAsync("closed/a.txt", ExportState.Failed, "sftp");

        Assert.Equal(3, failed.Attempts);
        Assert.Contains("not allowed to write", failed.Reason, StringComparison.Ordinal);
        UserProgram.SetMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Assert.True(await scenario.Ledger.RetryAsync(failed.Id, "somebody", Token));
        await scenario.WaitForAsync("closed/a.txt", ExportState.Exported, "sftp");
    }

    [Fact]
    public async Task ServerThatHangs_HoldsUpNoOtherDestination()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await SftpDestinationTests.CreateAsync(server);
        scenario["Export:MaxParallelism"] = "2";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("first.txt", "sftp");
        await scenario.TellAsync("/content/dam/first.txt");
        await scenario.WaitForAsync("first.txt", ExportState.Exported, "sftp");

        await server.SignalAsync("STOP");
        for (int i = 0; i < 6; i++)
        {
            await scenario.AddAsync($"{i}.txt", "sftp,folder");
            await scenario.TellAsync($"/content/dam/{i}.txt");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, 7);
        await server.SignalAsync("CONT");
        await scenario.WaitForCountAsync(ExportState.Exported, 13);
    }

    [Fact]
    public async Task ServerWithAFullDisk_IsWaitedFor()
    {
        string folder = UserProgram.CreateFolder("full-");
        Assert.SkipUnless(await CanMountAsync(folder), "Only who may mount can fill a disk.");
        try
        {
            await using SftpServer server = await SftpServer.StartAsync();
            await using ExportScenario scenario = await SftpDestinationTests.CreateAsync(server);
            await UserProgram.OwnAsync(folder);
            scenario["Destinations:sftp:Path"] = $"{folder}/sftp";
            scenario["Destinations:full:Type"] = "Folder";
            scenario["Destinations:full:Path"] = $"{folder}/full";
            scenario["Destinations:full:Mounted"] = "true";
            await scenario.StartAsync(ExportMode.Realtime);
            await scenario.AddAsync("a.bin", "sftp,full", content: new byte[300_000]);

            await scenario.TellAsync("/content/dam/a.bin");
            await ExportScenario.WaitAsync(async () => (await scenario.Ledger.RecentAsync(ExportState.Waiting, 9, Token)).Count(static entry => entry.Reason is not null) == 2, "it is not put off");

            Assert.All(await scenario.Ledger.RecentAsync(ExportState.Waiting, 9, Token), static waiting =>
            {
                Assert.Contains("is full", waiting.Reason, StringComparison.Ordinal);
                Assert.Equal(0, waiting.Attempts);
            });
        }
        finally
        {
            await UserProgram.RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    private static async Task<bool> CanMountAsync(string folder)
    {
        try
        {
            await UserProgram.RunAsync("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", folder);
            return true;
        }
        catch (InvalidOperationException)
        {
            Directory.Delete(folder);
            return false;
        }
    }
}
