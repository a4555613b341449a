using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.StorageTests;

/// <summary>
/// Transfers a large rendition through the service and a storage, in a separate process whose memory is measured. The default size is 160 MB, more
/// than the memory limit; ASSETCOMPUTE_LARGE_BYTES sets another size.
/// </summary>
internal static class LargeRendition
{
    public const int MaxProcessBytes = 150_000_000;

    public static long Size { get; } = long.Parse(Environment.GetEnvironmentVariable("ASSETCOMPUTE_LARGE_BYTES") ?? "160000000", CultureInfo.InvariantCulture);

    public static long PartSize { get; } = Size < 300_000_000 ? 8 << 20 : 20 << 20;

    /// <summary>The number of parts. The rendition is slightly larger than its content.</summary>
    public static int Parts => (int)((Size + PartSize) / PartSize);

    public static async Task<JsonNode> RunAsync(string kind, Uri storage)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("asset-compute-large-");
        try
        {
            string path = Path.Combine(folder.FullName, "large.zip");
            await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
                options =>
                {
                    options.Rendering.MaxSourceBytes = 4L << 30;
                    options.Rendering.TimeLimit = TimeSpan.FromMinutes(5);
                },
                TestContext.Current.CancellationToken);
            JsonNode report = await MeasureAsync([kind, storage.OriginalString, emulator.Endpoint.AbsoluteUri, Text(Size), Text(PartSize), path]);
            Assert.True((bool)report["succeeded"]!, (string?)report["error"]);
            Assert.Equal(0, (int)report["leftBehind"]!);
            Assert.Equal(new FileInfo(path).Length, (long)report["size"]!);
            Assert.Equal(await HashAsync(new PseudoRandomStream(Size)), await HashOfEntryAsync(path));
            return report;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<JsonNode> MeasureAsync(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "AssetCompute.Client.StorageProbe.dll");
        ProcessStartInfo start = new("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // A setting of tests/run.sh that lowers the memory use.
        start.Environment.Remove("DOTNET_EnableWriteXorExecute");
        using Process probe = Process.Start(start)!;
        Task<string> errors = probe.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await probe.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await probe.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(probe.ExitCode == 0, output + await errors);
        TestContext.Current.TestOutputHelper!.WriteLine(output);
        return JsonNode.Parse(output)!;
    }

    private static async Task<string> HashOfEntryAsync(string path)
    {
        await using ZipArchive archive = await ZipFile.OpenReadAsync(path, TestContext.Current.CancellationToken);
        await using Stream entry = await Assert.Single(archive.Entries).OpenAsync(TestContext.Current.CancellationToken);
        return await HashAsync(entry);
    }

    private static async Task<string> HashAsync(Stream content) => Convert.ToHexString(await SHA256.HashDataAsync(content, TestContext.Current.CancellationToken));
}
