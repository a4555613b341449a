using System.Globalization;
using System.Text.Json.Nodes;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

public sealed class KilledApplicationTests(ExportServers servers) : ExportTest(servers)
{
    // Set ASSET_EXPORT_KILLS=5 for a long run.
    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("ASSET_EXPORT_KILLS") ?? "3", CultureInfo.InvariantCulture);

    [Fact(Timeout = 1800_000)]
    public async Task Application_that_is_killed_at_random_moments_exports_each_asset_exactly_once()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine("The moments come from the seed {0}.", seed);
        Random random = new(seed);
        await using ExportScene scene = await StartSceneAsync();
        scene.Settings["Webhook:MaxConcurrentDeliveries"] = "4";
        await scene.AddAssetsAsync(AssetCount, Cancellation);
        ApplicationProcess application = await scene.StartApplicationAsync("both", Cancellation);
        await EnableWebhookAsync(scene);

        scene.Publish();
        List<int> exported = [];
        for (int kills = 0; kills < s_kills; kills++)
        {
            await Task.Delay(random.Next(kills == 0 ? 300 : 900), Cancellation);
            exported.Add(Total(await WaitAsync(application, static _ => true, "the application answers before a kill"), "exported"));
            await application.KillAsync();

            // Undelivered events are sent again, sometimes while no application is listening.
            Clock.Advance(TimeSpan.FromMinutes(1));
            application = scene.StartApplication("both");
            await WaitAsync(application, static _ => true, "the application answers after a kill");
        }

        JsonNode status = await ExportedAsync(scene, application);

        TestContext.Current.TestOutputHelper!.WriteLine("Before the kills there were {0} exports.", string.Join(", ", exported));

        // Only the first kill is certain to interrupt the export. Progress between the other kills depends on the machine.
        Assert.InRange(exported[0], 0, scene.ExpectedExports - 1);
        await AssertExportedOnceAsync(scene, status);
    }

    [Fact(Timeout = 1800_000)]
    public async Task Two_instances_on_PostgreSQL_of_which_one_is_killed_export_each_asset_exactly_once()
    {
        await using ExportScene scene = await StartSceneAsync(onPostgreSql: true);
        scene.Settings["Webhook:MaxConcurrentDeliveries"] = "4";
        await scene.AddAssetsAsync(AssetCount, Cancellation);

        // The first instance receives the webhook and reads the journal. The second one survives.
        ApplicationProcess first = await scene.StartApplicationAsync("both", Cancellation);
        await WaitAsync(first, static status => status["journal"]!["isReader"]!.GetValue<bool>(), "the first instance reads the journal");
        ApplicationProcess second = await scene.StartApplicationAsync("both", Cancellation, ExportScene.FreeUrl());
        await EnableWebhookAsync(scene);

        scene.Publish();
        await WaitAsync(second, static status => Total(status, "exported") > 20, "more than 20 exports are done");
        await first.KillAsync();
        int exported = Total(await WaitAsync(second, static _ => true, "the second instance answers"), "exported");
        JsonNode done = await ExportedAsync(scene, second);

        TestContext.Current.TestOutputHelper!.WriteLine("After the kill there were {0} exports.", exported);
        Assert.InRange(exported, 1, scene.ExpectedExports - 1);
        await AssertExportedOnceAsync(scene, done);
        await WaitAsync(second, static status => status["journal"]!["isReader"]!.GetValue<bool>(), "the second instance reads the journal");
    }
}
