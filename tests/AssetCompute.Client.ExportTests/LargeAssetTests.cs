using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>
/// Tests the memory use for a large asset: 160 MB to keep the tests short, or <c>ASSET_EXPORT_LARGE_BYTES</c>. The memory limit is the same for all sizes.
/// The limit applies to the peak resident memory of the process, including memory-mapped files.
/// </summary>
[Collection(MemoryMeasured.Name)]
public sealed class LargeAssetTests(ExportServers servers) : ExportTest(servers)
{
    private const long MaxMemory = 150_000_000;

    private static long Size => Environment.GetEnvironmentVariable("ASSET_EXPORT_LARGE_BYTES") is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : 160L * 1000 * 1000;

    [Theory(Timeout = 900_000)]
    [InlineData("folder")]
    [InlineData("s3")]
    [InlineData("azure")]
    [InlineData("marketo")]
    public async Task Asset_far_larger_than_the_memory_is_exported_within_150_megabytes(string destination)
    {
        await using ExportScene scene = await StartSceneAsync();
        await scene.AddGeneratedAssetAsync("film.mp4", Size, destination, isImmediate: true, Cancellation);
        ApplicationProcess application = await scene.StartApplicationAsync("both", Cancellation);
        await EnableWebhookAsync(scene);

        long started = Stopwatch.GetTimestamp();
        scene.Publish();
        JsonNode status = await ExportedAsync(scene, application, TimeSpan.FromMinutes(14));
        long memory = application.PeakMemory;

        TestContext.Current.TestOutputHelper!.WriteLine(
            "{0} bytes to '{1}' in {2:F1} s with {3:F0} MB at most.", Size, destination, Stopwatch.GetElapsedTime(started).TotalSeconds, memory / 1e6);
        await AssertExportedOnceAsync(scene, status);
        Assert.InRange(memory, 1, MaxMemory);
    }
}
