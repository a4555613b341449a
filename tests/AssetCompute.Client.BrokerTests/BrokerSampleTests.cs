using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AssetCompute.Client.Brokers;
using AssetCompute.Client.Databases;
using AssetCompute.Emulator;

namespace AssetCompute.Client.BrokerTests;

/// <summary>The samples on real brokers handle every event of the journal, even after a broker outage.</summary>
public sealed partial class BrokerSampleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NatsWorker_BrokerThatIsAwayForAWhile_HandlesEveryEvent()
    {
        await using NatsServer broker = new();
        await broker.StartAsync();
        await using AssetComputeEmulator emulator = await StartEmulatorAsync();
        await using WorkerProcess worker = WorkerProcess.Start(SampleProgram.Path("NatsWorker"), emulator, ("Nats__Url", broker.Url));

        await HandlesAllAsync(worker, emulator, 0, 20);
        await broker.KillAsync();
        Publish(emulator, 20, 20);
        await Task.Delay(1000, Cancellation);
        await broker.StartAsync();

        await HandlesAllAsync(worker, emulator, 40, 10);
    }

    [Fact]
    public async Task WolverineWorker_BrokerThatIsAwayForAWhile_HandlesEveryEventOfJournalAndWebhookOnce()
    {
        await using RabbitMqServer broker = new();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync("fsync=off");
        await broker.StartAsync();
        await using AssetComputeEmulator emulator = await StartEmulatorAsync();
        await using WorkerProcess worker = WorkerProcess.Start(
            SampleProgram.Path("WolverineWorker"), emulator, ("ConnectionStrings__Events", database.ConnectionString), ("ConnectionStrings__RabbitMq", broker.Url));

        await HandlesAllAsync(worker, emulator, 0, 20);
        await broker.KillAsync();
        Publish(emulator, 20, 20);
        await Task.Delay(1000, Cancellation);
        await broker.StartAsync();
        await HandlesAllAsync(worker, emulator, 40, 10);

        Uri webhook = new(Listening().Match(worker.Output).Groups[1].Value + "/events");
        EventRegistration registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = webhook }, Cancellation);
        Assert.True(registration.Status == EventRegistrationStatus.Active, registration.StatusReason);
        await emulator.Aem.AddAssetAsync("/content/dam/a/photo.jpg", new byte[10], cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam/a/photo.jpg");
        await UntilAsync(worker, () => worker.Handled.Any(static type => type.Contains("published", StringComparison.Ordinal)), "the event of the webhook");
        Assert.Equal(worker.Handled.Count(), worker.Handled.Distinct().Count());
    }

    /// <summary>Starts a service whose client has a journal.</summary>
    internal static async Task<AssetComputeEmulator> StartEmulatorAsync()
    {
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            static options => (options.Rendering.Mode, options.Journal.RetryAfter) = (EmulatorRenderingMode.None, TimeSpan.Zero), Cancellation);
        await using AssetComputeClient client = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
        await client.RegisterAsync(Cancellation);
        return emulator;
    }

    /// <summary>Publishes events of about a kilobyte, identified by their type.</summary>
    internal static void Publish(AssetComputeEmulator emulator, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            emulator.Publish(new JsonObject { ["type"] = $"event.{i}", ["id"] = $"event-{i}", ["source"] = "urn:test", ["padding"] = new string('x', 900) });
        }
    }

    internal static Task UntilAsync(WorkerProcess worker, Func<bool> condition, string expected) => UntilAsync(worker, () => Task.FromResult(condition()), expected);

    internal static async Task UntilAsync(WorkerProcess worker, Func<Task<bool>> condition, string expected)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.False(worker.HasExited, worker.Output);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(5), $"Not in time: {expected}. {worker.Output}");
            await Task.Delay(50, Cancellation);
        }
    }

    /// <summary>Publishes more events and waits until all are handled.</summary>
    private static async Task HandlesAllAsync(WorkerProcess worker, AssetComputeEmulator emulator, int first, int count)
    {
        Publish(emulator, first, count);
        string[] expected = [.. Enumerable.Range(0, first + count).Select(static i => $"event.{i}")];
        await UntilAsync(worker, () => !expected.Except(worker.Handled).Any(), $"events up to {first + count}");
    }

    [GeneratedRegex("Now listening on: (http://127.0.0.1:[0-9]+)")]
    private static partial Regex Listening();
}
