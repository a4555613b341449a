using System.Text.RegularExpressions;
using AssetCompute.Client.Brokers;
using AssetCompute.Client.Databases;
using AssetCompute.Emulator;

namespace AssetCompute.Client.BrokerTests;

/// <summary>The sample on Wolverine handles every event of the journal and the webhook, even after a broker outage.</summary>
public sealed partial class WolverineWorkerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WolverineWorker_BrokerThatIsAwayForAWhile_HandlesEveryEventOfJournalAndWebhookOnce()
    {
        await using RabbitMqServer broker = new();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync("fsync=off");
        await broker.StartAsync();
        await using AssetComputeEmulator emulator = await EventStream.StartEmulatorAsync();
        await using WorkerProcess worker = WorkerProcess.Start(
            SampleProgram.Path("WolverineWorker"), emulator, ("ConnectionStrings__Events", database.ConnectionString), ("ConnectionStrings__RabbitMq", broker.Url));

        await EventStream.HandlesAllAsync(worker, emulator, 0, 20);
        await broker.KillAsync();
        EventStream.Publish(emulator, 20, 20);
        await Task.Delay(1000, Cancellation);
        await broker.StartAsync();
        await EventStream.HandlesAllAsync(worker, emulator, 40, 10);

        Uri webhook = new(Listening().Match(worker.Output).Groups[1].Value + "/events");
        EventRegistration registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = webhook }, Cancellation);
        Assert.True(registration.Status == EventRegistrationStatus.Active, registration.StatusReason);
        await emulator.Aem.AddAssetAsync("/content/dam/a/photo.jpg", new byte[10], cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam/a/photo.jpg");
        await EventStream.UntilAsync(worker, () => worker.Handled.Any(static type => type.Contains("published", StringComparison.Ordinal)), "the event of the webhook");
        Assert.Equal(worker.Handled.Count(), worker.Handled.Distinct().Count());
    }

    [GeneratedRegex("Now listening on: (http://127.0.0.1:[0-9]+)")]
    private static partial Regex Listening();
}
