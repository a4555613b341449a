using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using AssetCompute.Emulator.Tests;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>What the tests of the export have in common: a scene whose emulator has a clock that the test turns.</summary>
public abstract class ExportTest(ExportServers servers)
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected ManualClock Clock { get; } = new();

    private protected async Task<ExportScene> StartSceneAsync(bool onPostgreSql = false, Action<AssetComputeEmulatorOptions>? configure = null) => await ExportScene.StartAsync(
        await servers.StorageAsync(),
        onPostgreSql ? await servers.PostgreSqlAsync() : null,
        options =>
        {
            options.TimeProvider = Clock;
            options.Webhooks.AttemptCapacity = 1_000_000;
            configure?.Invoke(options);
        },
        Cancellation);

    private protected static async Task EnableWebhookAsync(ExportScene scene) =>
        Assert.Equal(EventRegistrationStatus.Active, await scene.Registration.EnableAsync(Cancellation));

    private protected static Task<JsonNode> ExportedAsync(ExportScene scene, ApplicationProcess application) =>
        application.WaitAsync(status => Total(status, "exported") + Total(status, "failed") + Total(status, "skipped") == scene.ExpectedExports && Total(status, "exporting") == 0, Cancellation);

    private protected static int Total(JsonNode status, string state) => status["totals"]![state]!.GetValue<int>();

    /// <summary>Turns the clock from one attempt to deliver to the next, until nothing waits any more.</summary>
    private protected async Task DeliverAllAsync(ExportScene scene)
    {
        EventRegistration registration = scene.Registration;
        for (int expected = scene.Assets.Count; ;)
        {
            await registration.WaitAsync(it => it.Attempts.Count >= expected, Cancellation);
            int pending = registration.PendingEvents;
            if (pending == 0)
            {
                return;
            }

            DateTimeOffset next = registration.Attempts.Where(attempt => attempt.NextAttemptAt > Clock.GetUtcNow()).Min(static attempt => attempt.NextAttemptAt!.Value);
            Clock.Advance(next - Clock.GetUtcNow());
            expected += pending;
        }
    }

    /// <summary>Every asset is where it belongs, once, with the bytes that AEM has; and the application says so as well.</summary>
    private protected static async Task AssertExportedOnceAsync(ExportScene scene, JsonNode status)
    {
        Assert.Equal((scene.ExpectedExports, 0, 0), (Total(status, "exported"), Total(status, "failed"), Total(status, "skipped")));
        SceneComparison comparison = await scene.CompareAsync(Cancellation);
        Assert.Empty(comparison.Missing);
        Assert.Empty(comparison.Different);
        Assert.Empty(comparison.Duplicates);
        Assert.True(comparison.IsClean);
        (int exitCode, string output) = await scene.ReconcileAsync(Cancellation);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"{scene.ExpectedExports} as they should be, 0 still to be exported, 0 not as they should be.", output, StringComparison.Ordinal);
    }
}
