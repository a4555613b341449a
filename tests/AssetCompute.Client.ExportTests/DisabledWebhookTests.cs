using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

public sealed class DisabledWebhookTests(ExportServers servers) : ExportTest(servers)
{
    private const int FirstAssets = 20;
    private const int MissedAssets = 12;

    [Fact(Timeout = 1800_000)]
    public async Task Webhook_that_is_down_for_an_hour_and_disabled_loses_nothing_since_the_journal_catches_up()
    {
        await using ExportScene scene = await StartSceneAsync(configure: static options => options.Webhooks.UnstablePeriod = TimeSpan.FromMinutes(45));
        await scene.AddAssetsAsync(FirstAssets, Cancellation);
        ApplicationProcess application = await scene.StartApplicationAsync("both", Cancellation);
        await EnableWebhookAsync(scene);
        scene.Publish();
        await ExportedAsync(scene, application);
        await WaitAsync(scene.Registration, static it => it.PendingEvents == 0, "everything is delivered");
        await application.KillAsync();

        DateTimeOffset down = Clock.GetUtcNow();
        await scene.AddAssetsAsync(MissedAssets, Cancellation);
        scene.Publish();
        await TurnUntilDisabledAsync(scene.Registration);
        Assert.True(Clock.GetUtcNow() - down >= TimeSpan.FromHours(1));
        await scene.AddAssetsAsync(20, Cancellation);
        scene.Publish();

        application = await scene.StartApplicationAsync("both", Cancellation);
        JsonNode status = await ExportedAsync(scene, application);
        await AssertExportedOnceAsync(scene, status);
        Assert.Equal(EventRegistrationStatus.Disabled, scene.Registration.Status);
        Assert.Equal(FirstAssets, Delivered(scene.Registration));

        await EnableWebhookAsync(scene);
        await scene.AddAssetsAsync(4, Cancellation);
        scene.Publish();
        await WaitAsync(scene.Registration, static it => it.PendingEvents == 0, "everything is delivered");
        await AssertExportedOnceAsync(scene, await ExportedAsync(scene, application));
        Assert.Equal(FirstAssets + 4, Delivered(scene.Registration));
    }

    private static int Delivered(EventRegistration registration) => registration.Attempts.Count(static attempt => attempt.Outcome == WebhookOutcome.Delivered);

    private async Task TurnUntilDisabledAsync(EventRegistration registration)
    {
        int expected = FirstAssets + MissedAssets;
        while (true)
        {
            int wanted = expected;
            await WaitAsync(registration, it => it.Attempts.Count >= wanted, $"{wanted} attempts to deliver are made");
            DateTimeOffset[] planned = [.. registration.Attempts.Where(attempt => attempt.NextAttemptAt > Clock.GetUtcNow()).Select(static attempt => attempt.NextAttemptAt!.Value)];
            if (planned.Length == 0)
            {
                // Adobe still makes the scheduled attempts after it disables the webhook.
                await WaitAsync(registration, static it => it.PendingEvents == 0, "every event is given up");
                Assert.Equal(EventRegistrationStatus.Disabled, registration.Status);
                return;
            }

            expected += planned.Length;
            Clock.Advance(planned.Min() - Clock.GetUtcNow());
        }
    }
}
