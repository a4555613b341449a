using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AssetCompute.Emulator;
using AssetExport;
using AssetExport.Demo;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Files on an OpenSSH server.</summary>
public sealed class SftpDestinationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asset_IsOnTheServerInItsFolder_AlsoInItsNextVersion()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string content in (string[])["first", "second, and longer", ""])
        {
            await scenario.AddAsync("campaign/Größe 1.txt", "sftp", content: System.Text.Encoding.UTF8.GetBytes(content));
            await scenario.TellAsync("/content/dam/campaign/Größe 1.txt");
            await ExportScenario.WaitAsync(async () => File.Exists(FileOf(server, "campaign/Größe 1.txt")) && await File.ReadAllTextAsync(FileOf(server, "campaign/Größe 1.txt"), Token) == content, $"'{content}' is not there");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, 3);
        ExportEntry entry = await scenario.WaitForAsync("campaign/Größe 1.txt", ExportState.Exported, "sftp");
        Assert.Equal($"sftp://127.0.0.1:{server.Port}{server.Files}/content/dam/campaign/Größe 1.txt", entry.Location);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    [Fact]
    public async Task Probe_OfAServer_LeavesNothing()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        await scenario.StartAsync(ExportMode.Realtime);

        string found = await scenario.Destination("sftp").Target.ProbeAsync(Token);

        Assert.Contains(server.Files, found, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(server.Files, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HostKey_ThatChanges_IsRefusedAndNothingIsSent(bool isPinned)
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        string first = server.Fingerprint();
        if (isPinned)
        {
            scenario["Destinations:sftp:HostKey"] = first;
        }

        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "sftp");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "sftp");

        await server.KillAsync();
        await server.ChangeHostKeyAsync();
        await server.StartAgainAsync();
        await scenario.AddAsync("b.txt", "sftp");
        await scenario.TellAsync("/content/dam/b.txt");
        ExportEntry? waiting = null;
        await ExportScenario.WaitAsync(async () => (waiting = (await scenario.Ledger.RecentAsync(ExportState.Waiting, 1, Token)).SingleOrDefault(static entry => entry.Reason is not null)) is not null, "it is not put off");

        Assert.Contains(first, waiting!.Reason, StringComparison.Ordinal);
        Assert.Contains(server.Fingerprint(), waiting.Reason, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", waiting.Reason, StringComparison.Ordinal);
        Assert.Equal(0, waiting.Attempts);
        Assert.False(File.Exists(FileOf(server, "b.txt")));
        Assert.DoesNotContain("Accepted publickey", server.Log[server.Log.LastIndexOf("Server listening", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_CutAtEveryTenthOfAFile_ContinuesWhereItBroke()
    {
        const int Size = 4_000_000;
        await using SftpServer server = await SftpServer.StartAsync();
        await using CuttingProxy proxy = new(server.Port);
        await using ExportScenario scenario = await CreateAsync(server);
        scenario["Destinations:sftp:Port"] = proxy.Port.ToString(CultureInfo.InvariantCulture);
        scenario["Export:MaxAttempts"] = "20";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.Emulator.Aem.AddGeneratedAssetAsync("/content/dam/film.mp4", Size, seed: 7, metadata: new Dictionary<string, string> { ["exportDestination"] = "sftp", ["exportImmediately"] = "yes" }, cancellationToken: Token);
        for (int tenth = 1; tenth < 10; tenth++)
        {
            proxy.CutAfter(Size / 10);
        }

        await scenario.TellAsync("/content/dam/film.mp4");
        ExportEntry entry = await scenario.WaitForAsync("film.mp4", ExportState.Exported, "sftp");

        Assert.True(entry.Attempts > 3, $"{entry.Attempts} attempts");
#pragma warning disable CA5350 // The checksum of the ledger, as AEM gives it.
        Assert.Equal(entry.Sha1, Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(await File.ReadAllBytesAsync(FileOf(server, "film.mp4"), Token))));
#pragma warning restore CA5350
        Assert.True(proxy.Sent < 2.5 * Size, $"{proxy.Sent} bytes were sent for {Size}.");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
        Assert.Contains((await scenario.Ledger.HistoryAsync("/content/dam/film.mp4", Token)), static happened => happened.What == "attempt failed" && happened.Detail!.Contains("broke", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LeftoverOfAnotherContent_IsNotContinued()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        AemAsset asset = await scenario.AddAsync("a.txt", "sftp");
        string id = ExportLedger.IdOf("/content/dam/a.txt", asset.Sha1, "sftp");
        string left = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Files, ".incoming")).FullName, $"{id}.1.part");
        await File.WriteAllBytesAsync(left, new byte[700], Token);
        await UserProgram.OwnAsync(server.Files);
        await scenario.StartAsync(ExportMode.Realtime);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported, "sftp");

        Assert.Equal(ExportScenario.ContentOf("a.txt"), await File.ReadAllBytesAsync(FileOf(server, "a.txt"), Token));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    [Fact]
    public async Task FolderWhereAFileShouldBe_AndTheOtherWayRound_FailAlone()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
        Directory.CreateDirectory(FileOf(server, "folder.txt"));
        await File.WriteAllTextAsync(FileOf(server, "file"), "x", Token);
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
        await using ExportScenario scenario = await CreateAsync(server);
        string closed = Directory.CreateDirectory(FileOf(server, "closed")).FullName;
        await UserProgram.OwnAsync(server.Files);
        UserProgram.SetMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("closed/a.txt", "sftp");

        await scenario.TellAsync("/content/dam/closed/a.txt");
        ExportEntry failed = await scenario.WaitForAsync("closed/a.txt", ExportState.Failed, "sftp");

        Assert.Equal(3, failed.Attempts);
        Assert.Contains("may not write", failed.Reason, StringComparison.Ordinal);
        UserProgram.SetMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Assert.True(await scenario.Ledger.RetryAsync(failed.Id, "somebody", Token));
        await scenario.WaitForAsync("closed/a.txt", ExportState.Exported, "sftp");
    }

    [Fact]
    public async Task ServerThatHangs_HoldsUpNoOtherDestination()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScenario scenario = await CreateAsync(server);
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
            await using ExportScenario scenario = await CreateAsync(server);
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

    private static string FileOf(SftpServer server, string name) => Path.Combine(server.Files, "content/dam", name);

    private static async Task<ExportScenario> CreateAsync(SftpServer server)
    {
        ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:sftp:Type"] = "Sftp";
        scenario["Destinations:sftp:Host"] = SftpServer.Host;
        scenario["Destinations:sftp:Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
        scenario["Destinations:sftp:User"] = SftpServer.User;
        scenario["Destinations:sftp:PrivateKeyFile"] = server.PrivateKeyFile;
        scenario["Destinations:sftp:KnownHostsFile"] = Path.Combine(scenario.Exported + "-hosts");
        scenario["Destinations:sftp:Path"] = server.Files;
        return scenario;
    }

    /// <summary>Between client and server; cuts connections after so many bytes to the server, one after the other.</summary>
    private sealed class CuttingProxy : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly System.Collections.Concurrent.ConcurrentQueue<int> _cuts = new();
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _serving;
        private long _sent;

        public CuttingProxy(int port)
        {
            _listener.Start();
            _serving = ServeAsync(port);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public long Sent => Interlocked.Read(ref _sent);

        public void CutAfter(int bytes) => _cuts.Enqueue(bytes);

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _serving;
            _listener.Dispose();
            _stopping.Dispose();
        }

        private async Task ServeAsync(int port)
        {
            List<Task> connections = [];
            try
            {
                while (true)
                {
                    connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stopping.Token), port));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(connections);
            }
        }

        private async Task PassAsync(TcpClient client, int port)
        {
            using (client)
            using (TcpClient server = new())
            {
                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, port, _stopping.Token);
                    Task back = server.GetStream().CopyToAsync(client.GetStream(), _stopping.Token);
                    long left = _cuts.TryDequeue(out int cut) ? cut : long.MaxValue;
                    byte[] buffer = new byte[16 << 10];
                    for (int count; left > 0 && (count = await client.GetStream().ReadAsync(buffer, _stopping.Token)) > 0; left -= count)
                    {
                        Interlocked.Add(ref _sent, count);
                        await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
                    }
                }
                catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
                {
                    // Both ends are closed.
                }
            }
        }
    }
}
