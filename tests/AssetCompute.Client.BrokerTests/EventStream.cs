using System.Text.Json.Nodes;
using AssetCompute.Client.Brokers;
using AssetCompute.Emulator;

namespace AssetCompute.Client.BrokerTests;

/// <summary>An emulator that publishes events, and the waits for a worker that handles them.</summary>
internal static class EventStream
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a service whose client has a journal.</summary>
    public static async Task<AssetComputeEmulator> StartEmulatorAsync()
    {
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            static options => (options.Rendering.Mode, options.Journal.RetryAfter) = (EmulatorRenderingMode.None, TimeSpan.Zero), Cancellation);
        await using AssetComputeClient client = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
        await client.RegisterAsync(Cancellation);
        return emulator;
    }

    /// <summary>Publishes events of about a kilobyte, identified by their type.</summary>
    public static void Publish(AssetComputeEmulator emulator, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            emulator.Publish(new JsonObject { ["type"] = $"event.{i}", ["id"] = $"event-{i}", ["source"] = "urn:test", ["padding"] = new string('x', 900) });
        }
    }

    public static Task UntilAsync(WorkerProcess worker, Func<bool> condition, string expected) => UntilAsync(worker, () => Task.FromResult(condition()), expected);

    public static async Task UntilAsync(WorkerProcess worker, Func<Task<bool>> condition, string expected)
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
    public static async Task HandlesAllAsync(WorkerProcess worker, AssetComputeEmulator emulator, int first, int count)
    {
        Publish(emulator, first, count);
        string[] expected = [.. Enumerable.Range(0, first + count).Select(static i => $"event.{i}")];
        await UntilAsync(worker, () => !expected.Except(worker.Handled).Any(), $"events up to {first + count}");
    }
}
