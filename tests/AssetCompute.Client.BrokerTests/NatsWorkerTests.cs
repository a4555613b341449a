using AssetCompute.Client.Brokers;
using AssetCompute.Emulator;

namespace AssetCompute.Client.BrokerTests;

/// <summary>The sample on NATS handles every event of the journal, even after a broker outage.</summary>
public sealed class NatsWorkerTests
{
    [Fact]
    public async Task NatsWorker_BrokerThatIsAwayForAWhile_HandlesEveryEvent()
    {
        await using NatsServer broker = new();
        await broker.StartAsync();
        await using AssetComputeEmulator emulator = await EventStream.StartEmulatorAsync();
        await using WorkerProcess worker = WorkerProcess.Start(SampleProgram.Path("NatsWorker"), emulator, ("Nats__Url", broker.Url));

        await EventStream.HandlesAllAsync(worker, emulator, 0, 20);
        await broker.KillAsync();
        EventStream.Publish(emulator, 20, 20);
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        await broker.StartAsync();

        await EventStream.HandlesAllAsync(worker, emulator, 40, 10);
    }
}
