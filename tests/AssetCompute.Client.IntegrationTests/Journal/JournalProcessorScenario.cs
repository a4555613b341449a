using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Shared;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.IntegrationTests.Journal;

/// <summary>A journal of numbered events, and a processor that records the events it handles.</summary>
public abstract class JournalProcessorScenario
{
    private protected InMemoryJournalCheckpointStore Store { get; } = new();

    private protected ConcurrentQueue<int> Handled { get; } = [];

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static async Task<EmulatedAccount> StartAsync(int events)
    {
        EmulatedAccount account = await EmulatedAccount.StartAsync();
        await account.Client.RegisterAsync(Cancel);
        Publish(account, 0, events);
        return account;
    }

    private protected static void Publish(EmulatedAccount account, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            account.Emulator.Publish(new JsonObject { ["type"] = "test", ["index"] = i });
        }
    }

    private protected static int Index(JournalEntry entry) => ((UnknownEvent)entry.Event).Json.GetProperty("index").GetInt32();

    private protected IHost Host(
        EmulatedAccount account,
        Action<JournalProcessorOptions>? configure = null,
        Func<int, CancellationToken, Task>? handle = null,
        IJournalCheckpointStore? store = null) =>
        ProcessorHost.Create(
            account.Emulator.Endpoint,
            store ?? Store,
            async (entry, token) =>
            {
                int index = Index(entry);
                await (handle?.Invoke(index, token) ?? Task.CompletedTask);
                Handled.Enqueue(index);
            },
            configure);

    private protected async Task RunUntilAsync(EmulatedAccount account, Func<bool> done, Action<JournalProcessorOptions>? configure = null, Func<int, CancellationToken, Task>? handle = null)
    {
        using IHost host = Host(account, configure, handle);
        await host.StartAsync(Cancel);
        while (!done())
        {
            await Task.Delay(2, Cancel);
        }

        await host.StopAsync(Cancel);
    }
}
