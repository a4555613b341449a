using System.Globalization;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;
using AssetCompute.Emulator;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>Base class of the export tests. The emulator of each scene uses a clock that the test advances.</summary>
public abstract class ExportTest(ExportServers servers)
{
    /// <summary>
    /// The number of assets that tests of killed processes and of high load publish: <c>ASSET_EXPORT_ASSETS</c>, or 90. Set 300 for a long run.
    /// </summary>
    private protected static int AssetCount { get; } = int.Parse(Environment.GetEnvironmentVariable("ASSET_EXPORT_ASSETS") ?? "90", CultureInfo.InvariantCulture);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Clock { get; } = new();

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

    private protected static Task<JsonNode> ExportedAsync(ExportScene scene, ApplicationProcess application, TimeSpan? patience = null) => WaitAsync(
        application,
        status => Total(status, "exported") + Total(status, "failed") + Total(status, "skipped") == scene.ExpectedExports && Total(status, "exporting") == 0,
        $"{scene.ExpectedExports} exports are done",
        patience);

    /// <summary>Waits for the application. A timeout fails the test with the application's last status and the end of its log.</summary>
    private protected static async Task<JsonNode> WaitAsync(ApplicationProcess application, Func<JsonNode, bool> condition, string expected, TimeSpan? patience = null)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(patience ?? s_patience);
        try
        {
            return await application.WaitAsync(condition, limit.Token);
        }
        catch (OperationCanceledException exception) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"Within {patience ?? s_patience} this should have happened: {expected}. {exception.Message}");
            throw;
        }
    }

    /// <summary>Waits for the registration. A timeout fails the test with the state of the registration.</summary>
    private protected static async Task WaitAsync(EventRegistration registration, Func<EventRegistration, bool> condition, string expected)
    {
        Task met = registration.WaitAsync(condition, Cancellation);
        try
        {
            await met.WaitAsync(s_patience, Cancellation);
        }
        catch (TimeoutException) when (!met.IsCompleted)
        {
            Assert.Fail($"Within {s_patience} this should have happened: {expected}. The registration is {registration.Status}, {registration.PendingEvents} events wait, {registration.Attempts.Count} attempts were made.");
        }
    }

    private protected static int Total(JsonNode status, string state) => status["totals"]![state]!.GetValue<int>();

    /// <summary>Advances the clock from one delivery attempt to the next until no event is pending.</summary>
    private protected async Task DeliverAllAsync(ExportScene scene)
    {
        EventRegistration registration = scene.Registration;
        for (int expected = scene.Assets.Count; ;)
        {
            int wanted = expected;
            await WaitAsync(registration, it => it.Attempts.Count >= wanted, $"{wanted} attempts to deliver are made");
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

    /// <summary>Asserts that each asset is exported exactly once with the content from AEM, and that the application reports the same.</summary>
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
        Assert.Contains($"{scene.ExpectedExports} correct, 0 still to be exported, 0 not correct.", output, StringComparison.Ordinal);
    }
}
