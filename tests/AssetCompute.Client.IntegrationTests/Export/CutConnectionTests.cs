using System.Globalization;
using System.Security.Cryptography;
using AssetExport;
using AssetExport.Demo;
using AssetExport.Network;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for connections to a destination that are interrupted after each tenth of a file.</summary>
public sealed class CutConnectionTests
{
    private const int Size = 4_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sftp_ContinuesWhereItBroke()
    {
        await using SftpServer server = await SftpServer.StartAsync();
        await using CuttingProxy proxy = new(server.Port);
        await using ExportScenario scenario = await SftpDestinationTests.CreateAsync(server);
        scenario["Destinations:sftp:Port"] = proxy.Port.ToString(CultureInfo.InvariantCulture);

        // Each connection resumes where the previous one ended.
        ExportEntry entry = await ExportAsync(scenario, "sftp", proxy, static _ => Size / 10);

        Assert.Equal(entry.Sha1, await HashAsync(SftpDestinationTests.FileOf(server, "film.mp4")));
        Assert.True(proxy.Sent < 2.5 * Size, $"{proxy.Sent} bytes were sent for {Size}.");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    [Fact]
    public async Task WebDav_HasTheFileWholeOrNotAtAll()
    {
        await using WebDavServer server = await WebDavServer.StartAsync();
        await using CuttingProxy proxy = new(server.Url.Port);
        await using ExportScenario scenario = await WebDavDestinationTests.CreateAsync(server);
        scenario["Destinations:dav:Url"] = new UriBuilder(server.Url) { Port = proxy.Port }.Uri.AbsoluteUri;

        ExportEntry entry = await ExportAsync(scenario, "dav", proxy, static tenth => tenth * Size / 10);

        Assert.Equal(entry.Sha1, await HashAsync(WebDavDestinationTests.FileOf(server, "film.mp4")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Files, ".incoming")));
    }

    [Fact]
    public async Task Marketo_HasTheFileOnce()
    {
        await using MarketoServer marketo = await MarketoServer.StartAsync(TimeSpan.Zero);
        await using CuttingProxy proxy = new(marketo.Endpoint.Port);
        await using ExportScenario scenario = await MarketoTests.PrepareAsync(marketo);
        scenario["Destinations:marketo:RestHost"] = $"http://127.0.0.1:{proxy.Port}";

        ExportEntry entry = await ExportAsync(scenario, "marketo", proxy, static tenth => tenth * Size / 10);

        MarketoServerFile file = Assert.Single(marketo.Files);
        Assert.Equal((entry.Sha1, (long)Size), (file.Sha1, file.Size));
    }

    private static async Task<ExportEntry> ExportAsync(ExportScenario scenario, string destination, CuttingProxy proxy, Func<int, int> cutAfter)
    {
        scenario["Export:MaxAttempts"] = "30";
        scenario["Export:MaxRetryDelay"] = "00:00:00.2";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.Emulator.Aem.AddGeneratedAssetAsync(
            "/content/dam/film.mp4", Size, seed: 7, metadata: new() { ["exportDestination"] = destination, ["exportImmediately"] = "yes" }, cancellationToken: Token);
        for (int tenth = 1; tenth < 10; tenth++)
        {
            proxy.CutAfter(cutAfter(tenth));
        }

        await scenario.TellAsync("/content/dam/film.mp4");
        ExportEntry entry;
        try
        {
            entry = await scenario.WaitForAsync("film.mp4", ExportState.Exported, destination);
        }
        finally
        {
            foreach (HistoryEntry happened in await scenario.Ledger.HistoryAsync("/content/dam/film.mp4", Token))
            {
                TestContext.Current.TestOutputHelper!.WriteLine($"{happened.At:O} {happened.What}: {happened.Detail}");
            }
        }

        Assert.True(entry.Attempts > 3, $"{entry.Attempts} attempts");
        Assert.Contains(await scenario.Ledger.HistoryAsync("/content/dam/film.mp4", Token), static happened => happened.What == "attempt failed" && happened.Detail!.Contains("br", StringComparison.Ordinal));
        return entry;
    }

    private static async Task<string> HashAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
#pragma warning disable CA5350 // The checksum of the ledger, as AEM gives it.
        return Convert.ToHexStringLower(await SHA1.HashDataAsync(file, Token));
#pragma warning restore CA5350
    }
}
