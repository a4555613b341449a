using System.Diagnostics;
using System.Globalization;
using AssetExport.Demo;
using Renci.SshNet;

namespace AssetCompute.Client.ExportTests;

/// <summary>Many small files: 300, or as many as <c>ASSET_EXPORT_FILES</c> says, to a folder and by SFTP. Prints the time, and that of a bare upload by SSH.NET in the same run.</summary>
[Collection(MemoryMeasured.Name)]
public sealed class ManyFilesTests(ExportServers servers) : ExportTest(servers)
{
    private const int Size = 50_000;

    /// <summary>Measured: 144 MB to a folder, 158 MB by SFTP, whose library brings its own cryptography.</summary>
    private const long MaxMemory = 180_000_000;

    private static int Count => Environment.GetEnvironmentVariable("ASSET_EXPORT_FILES") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 300;

    [Theory(Timeout = 3600_000)]
    [InlineData("folder")]
    [InlineData("sftp")]
    public async Task Files_of_50_kB_are_exported_within_180_megabytes(string destination)
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScene scene = await StartSceneAsync();
        KilledServersTests.AddSftp(scene, server);
        for (int i = 0; i < Count; i++)
        {
            await scene.AddGeneratedAssetAsync($"{i % 100}/{i}.jpg", Size, destination, isImmediate: false, Cancellation);
        }

        // A run each second, so that exports and decisions overlap as they do in life.
        scene.Settings[$"Destinations:{destination}:Schedule"] = "* * * * * *";
        scene.Settings[$"Destinations:{destination}:MaxPerRun"] = "1000000";
        ApplicationProcess application = await scene.StartApplicationAsync("both", Cancellation);
        await EnableWebhookAsync(scene);
        long started = Stopwatch.GetTimestamp();
        scene.Publish();
        await ExportedAsync(scene, application, TimeSpan.FromMinutes(55));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long memory = application.PeakMemory;

        string bare = destination == "sftp" ? string.Create(CultureInfo.InvariantCulture, $", SSH.NET alone {Upload(server):F1} s") : "";
        TestContext.Current.TestOutputHelper!.WriteLine("{0} files of {1} bytes to '{2}' in {3:F1} s with {4:F0} MB at most{5}.", Count, Size, destination, seconds, memory / 1e6, bare);
        Assert.InRange(memory, 1, MaxMemory);
    }

    /// <summary>As many connections as the application has, each with a file at a time.</summary>
    private static double Upload(SftpServer server)
    {
        byte[] content = new byte[Size];
        Random.Shared.NextBytes(content);
        using PrivateKeyFile key = new(server.PrivateKeyFile);
        long started = Stopwatch.GetTimestamp();
        Parallel.For(0, 4, connection =>
        {
            using SftpClient client = new(SftpServer.Host, server.Port, SftpServer.User, key);
            client.Connect();
            for (int i = connection; i < Count; i += 4)
            {
                using MemoryStream file = new(content);
                client.UploadFile(file, $"{server.Files}/bare-{i}.jpg");
            }
        });
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
