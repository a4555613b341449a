using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

public sealed class CrowdedWebhookTests(ExportServers servers) : ExportTest(servers)
{
    [Fact(Timeout = 1800_000)]
    public async Task Publish_that_finds_the_webhook_busy_exports_each_asset_exactly_once()
    {
        await using ExportScene scene = await StartSceneAsync();
        scene.Settings["Webhook:MaxConcurrentDeliveries"] = "4";
        await scene.AddAssetsAsync(AssetCount, Cancellation);
        ApplicationProcess application = await scene.StartApplicationAsync("realtime", Cancellation);
        await EnableWebhookAsync(scene);

        scene.Publish();
        await DeliverAllAsync(scene);
        JsonNode status = await ExportedAsync(scene, application);

        ILookup<int?, WebhookAttempt> attempts = scene.Registration.Attempts.ToLookup(static attempt => attempt.Status);
        TestContext.Current.TestOutputHelper!.WriteLine("{0} deliveries were answered with 503, {1} with 200.", attempts[503].Count(), attempts[200].Count());
        Assert.NotEmpty(attempts[503]);
        Assert.Equal(AssetCount, attempts[200].Count());
        Assert.Equal(attempts[503].Count() + AssetCount, scene.Registration.Attempts.Count);
        await AssertExportedOnceAsync(scene, status);
        Assert.All(await scene.StorageWritesAsync(), static write => Assert.Equal(1, write.Value));
        Assert.All(scene.Marketo.Files, static file => Assert.Equal(1, file.Writes));
    }
}
