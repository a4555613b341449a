using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AssetExport.Demo;
using Renci.SshNet;

namespace AssetCompute.Client.ExportTests;

/// <summary>
/// Tests the export of many small files without renditions, to a folder and by SFTP: <c>ASSET_EXPORT_FILES</c>, or 200.
/// The files are published and planned while the destination is paused. The test then measures the duration of the export
/// and, if the variable is set, of an upload by SSH.NET alone.
/// </summary>
[Collection(MemoryMeasured.Name)]
public sealed class ManyFilesTests(ExportServers servers) : ExportTest(servers)
{
    private const int Size = 50_000;

    /// <summary>Measured values for 1,000 files: 146 MB to a folder, and 150 MB by SFTP, whose library includes its own cryptography.</summary>
    private const long MaxMemory = 165_000_000;

    private static int? MeasuredCount => Environment.GetEnvironmentVariable("ASSET_EXPORT_FILES") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static int Count => MeasuredCount ?? 200;

    [Theory(Timeout = 7200_000)]
    [InlineData("folder")]
    [InlineData("sftp")]
    public async Task Files_of_50_kB_are_exported_within_165_megabytes(string destination)
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScene scene = await StartSceneAsync();
        scene.AddSftp(server);

        // Other destinations and runs every second are for other tests: they take memory and time.
        foreach (string key in scene.Settings.Keys.Where(static key => key.StartsWith("Destinations:", StringComparison.Ordinal) && key.Split(':')[1] is not ("folder" or "sftp")).ToArray())
        {
            scene.Settings.Remove(key);
        }

        scene.Settings.Remove("Export:Batch:Schedule");
        for (int i = 0; i < Count; i++)
        {
            await scene.AddGeneratedAssetAsync($"{i % 100}/{i}.jpg", Size, destination, isImmediate: true, Cancellation);
        }

        ApplicationProcess application = await scene.StartApplicationAsync("both", Cancellation);
        await EnableWebhookAsync(scene);
        await PostAsync(application, $"/destinations/{destination}/pause");
        long published = Stopwatch.GetTimestamp();
        scene.Publish();
        await WaitAsync(application, static status => Total(status, "waiting") == Count, $"{Count} are decided on", TimeSpan.FromMinutes(55));
        double decided = Stopwatch.GetElapsedTime(published).TotalSeconds;

        TimeSpan cpu = application.CpuTime;
        long started = Stopwatch.GetTimestamp();
        await PostAsync(application, $"/destinations/{destination}/resume");
        JsonNode status = await ExportedAsync(scene, application, TimeSpan.FromMinutes(55));
        double exported = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double used = (application.CpuTime - cpu).TotalSeconds;
        long memory = application.PeakMemory;

        await AssertExportedOnceAsync(scene, status);
        string bare = destination == "sftp" && MeasuredCount is not null ? string.Create(CultureInfo.InvariantCulture, $"; SSH.NET alone {Upload(server)}") : "";
        TestContext.Current.TestOutputHelper!.WriteLine(
            "{0} files of {1} bytes to '{2}': decided on in {3:F1} s, exported in {4:F1} s with {5:F1} s of CPU time{6}; {7:F0} MB at most.", Count, Size, destination, decided, exported, used, bare, memory / 1e6);
        Assert.InRange(memory, 1, MaxMemory);
    }

    private static async Task PostAsync(ApplicationProcess application, string path)
    {
        using HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = application.Url };
        using HttpResponseMessage response = await http.PostAsync(path, null, Cancellation);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    /// <summary>Uploads with as many connections as the application, one file at a time on each.</summary>
    private static string Upload(SftpServer server)
    {
        byte[] content = new byte[Size];
        Random.Shared.NextBytes(content);
        using PrivateKeyFile key = new(server.PrivateKeyFile);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
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
        return string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s with {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F1} s");
    }
}
