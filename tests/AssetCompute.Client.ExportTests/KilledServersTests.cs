using System.Text.Json.Nodes;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>
/// Tests that each asset is exported exactly once and complete, without leftover temporary files, when the application and a server are killed repeatedly.
/// </summary>
public sealed class KilledServersTests(ExportServers servers) : ExportTest(servers)
{
    [Fact(Timeout = 1800_000)]
    public async Task Sftp_with_five_kills_of_the_application_and_three_of_the_server_has_each_asset_once()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScene scene = await StartSceneAsync();
        scene.AddSftp(server);
        await RunAsync(scene, "sftp", AssetCount * 2 / 3, server.Files, [false, true, false, false, true, false, true, false], server.KillAsync, server.StartAgainAsync);
    }

    [Fact(Timeout = 1800_000)]
    public async Task WebDav_with_a_kill_of_the_application_and_one_of_the_server_has_each_asset_once()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using ExportScene scene = await StartSceneAsync();
        scene.AddWebDav(server);
        await RunAsync(scene, "dav", AssetCount / 3, server.Files, [false, true], server.KillAsync, server.StartAgainAsync);
    }

    /// <param name="scene">The scene.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="count">The number of assets.</param>
    /// <param name="files">The folder of the server's files.</param>
    /// <param name="kills">The sequence of kills: true for the server, false for the application.</param>
    /// <param name="kill">A function that kills the server.</param>
    /// <param name="start">A function that restarts the server.</param>
    private static async Task RunAsync(ExportScene scene, string destination, int count, string files, bool[] kills, Func<Task> kill, Func<Task> start)
    {
        Random random = new();
        scene.Settings["Export:RetryDelay"] = "00:00:00.2";
        scene.Settings["Export:MaxAttempts"] = "100";
        for (int i = 0; i < count; i++)
        {
            await scene.AddGeneratedAssetAsync($"{i % 3}/Foto Nº {i}.jpg", 100_000 + (i * 7_919), destination, isImmediate: true, Cancellation);
        }

        ApplicationProcess application = await scene.StartApplicationAsync("both", Cancellation);
        await EnableWebhookAsync(scene);
        scene.Publish();
        for (int i = 0; i < kills.Length; i++)
        {
            // At this point, some exports are in progress and some are still waiting.
            int wanted = count * (i + 1) / (kills.Length + 4);
            await WaitAsync(application, status => Total(status, "exported") >= wanted, $"{wanted} are exported");
            await Task.Delay(random.Next(100), Cancellation);
            if (kills[i])
            {
                await kill();
                await Task.Delay(random.Next(1000), Cancellation);
                await start();
            }
            else
            {
                await application.KillAsync();
                application = scene.StartApplication("both");
            }
        }

        JsonNode status = await ExportedAsync(scene, application);

        await AssertExportedOnceAsync(scene, status);

        // Apache writes a body to a file of its own first, and leaves that file behind if it is killed.
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(files, ".incoming")), static file => !Path.GetFileName(file).StartsWith(".davfs.tmp", StringComparison.Ordinal));
    }
}
