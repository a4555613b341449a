using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>The application and a real server are killed again and again: each asset is there once, whole, and no temporary file is left.</summary>
public sealed class KilledServersTests(ExportServers servers) : ExportTest(servers)
{
    [Fact(Timeout = 1800_000)]
    public async Task Sftp_with_five_kills_of_the_application_and_three_of_the_server_has_each_asset_once()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using ExportScene scene = await StartSceneAsync();
        AddSftp(scene, server);
        await RunAsync(scene, "sftp", AssetCount * 2 / 3, server.Files, [false, true, false, false, true, false, true, false], server.KillAsync, server.StartAgainAsync);
    }

    [Fact(Timeout = 1800_000)]
    public async Task WebDav_with_a_kill_of_the_application_and_one_of_the_server_has_each_asset_once()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using ExportScene scene = await StartSceneAsync();
        scene.Settings["Destinations:dav:Type"] = "WebDav";
        scene.Settings["Destinations:dav:Url"] = server.Url.AbsoluteUri;
        scene.Settings["Destinations:dav:UserName"] = WebDavServer.UserName;
        scene.Settings["Destinations:dav:Password"] = WebDavServer.Password;
        await RunAsync(scene, "dav", AssetCount / 3, server.Files, [false, true], server.KillAsync, server.StartAgainAsync);
    }

    internal static void AddSftp(ExportScene scene, SftpServer server)
    {
        scene.Settings["Destinations:sftp:Type"] = "Sftp";
        scene.Settings["Destinations:sftp:Host"] = SftpServer.Host;
        scene.Settings["Destinations:sftp:Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
        scene.Settings["Destinations:sftp:User"] = SftpServer.User;
        scene.Settings["Destinations:sftp:PrivateKeyFile"] = server.PrivateKeyFile;
        scene.Settings["Destinations:sftp:KnownHostsFile"] = Path.Combine(scene.Folder, "hosts");
        scene.Settings["Destinations:sftp:Path"] = server.Files;
    }

    /// <param name="scene">The scene.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="count">How many assets.</param>
    /// <param name="files">Where the server has its files.</param>
    /// <param name="kills">What is killed, in this order: the server where it is true, the application otherwise.</param>
    /// <param name="kill">Kills the server.</param>
    /// <param name="start">Starts it again.</param>
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
            // When so much is done that something is under way, and something is left.
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

        Assert.Equal((count, 0, 0), (Total(status, "exported"), Total(status, "failed"), Total(status, "skipped")));
        string[] found = [.. Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(files, file)).Where(static file => !file.Contains("/.DAV/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(scene.Assets.Select(static asset => asset.Asset.Path[1..]).Order(StringComparer.Ordinal), found);
        foreach (PublishedAsset asset in scene.Assets)
        {
            await using FileStream file = File.OpenRead(Path.Combine(files, asset.Asset.Path[1..]));
#pragma warning disable CA5350 // The checksum that AEM gives.
            Assert.Equal(asset.Asset.Sha1, Convert.ToHexStringLower(await SHA1.HashDataAsync(file, Cancellation)));
#pragma warning restore CA5350
        }

        (int exitCode, string output) = await scene.ReconcileAsync(Cancellation);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"{count} as they should be, 0 still to be exported, 0 not as they should be.", output, StringComparison.Ordinal);
    }
}
