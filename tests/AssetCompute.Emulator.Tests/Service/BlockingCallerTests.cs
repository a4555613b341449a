using System.Collections.Concurrent;

namespace AssetCompute.Emulator.Tests;

/// <summary>Callers that block their only thread, as in xunit v2 and WinForms. A continuation that needs this thread would wait forever.</summary>
public sealed class BlockingCallerTests
{
    [Fact]
    public async Task Caller_with_one_thread_blocks_on_start_with_a_script_and_on_dispose()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["script.json"], """{"tokenLifetimeSeconds":30}""", ServiceClient.Cancellation);

        await RunAsync(() =>
        {
            var emulator = AssetComputeEmulator.StartAsync(options => options.ScriptFile = folder["script.json"]).GetAwaiter().GetResult();
            Assert.Equal(TimeSpan.FromSeconds(30), emulator.Faults.TokenLifetime);
            emulator.DisposeAsync().AsTask().Wait();
        });
    }

    [Fact]
    public async Task Caller_with_one_thread_blocks_on_everything_else_with_a_data_folder()
    {
        using var folder = new TempFolder();
        await using var receiver = await WebhookReceiver.StartAsync();
        var webhook = receiver.Url;

        await RunAsync(() =>
        {
            for (var run = 0; run < 2; run++)
            {
                var emulator = AssetComputeEmulator.StartAsync(options =>
                {
                    options.DataFolder = folder["data"];
                    options.HttpsPort = 0;
                }).GetAwaiter().GetResult();
                var (storage, aem) = (emulator.Storage, emulator.Aem);
                storage.PutAsync("a", "one"u8.ToArray()).Wait();
                storage.PutAsync("b", new MemoryStream("two"u8.ToArray())).Wait();
                Assert.Equal(6, storage.JoinAsync("c", ["a", "b"]).Result);
                Assert.Equal(6, storage.GetAsync("c").Result!.Content.Length);
                var registration = aem.Registrations.AddAsync(new() { WebhookUrl = webhook }).Result;
                Assert.Equal(EventRegistrationStatus.Active, registration.EnableAsync().Result);
                aem.AddAssetAsync("/content/dam/a.txt", "three"u8.ToArray()).Wait();
                aem.AddAssetAsync("/content/dam/a.txt", "four"u8.ToArray(), metadata: new() { ["n"] = 1 }).Wait();
                aem.AddGeneratedAssetAsync("/content/dam/b.bin", 1_000_000).Wait();
                aem.Publish("/content/dam/a.txt");
                registration.WaitAsync(it => it.PendingEvents == 0).Wait();
                emulator.DisposeAsync().AsTask().Wait();
            }
        });
    }

    /// <summary>Runs an action on a thread whose synchronization context queues callbacks and never runs them, because the thread is blocked.</summary>
    private static async Task RunAsync(Action action)
    {
        var posted = new ConcurrentQueue<SendOrPostCallback>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new BlockedContext(posted));
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        await done.Task.WaitAsync(ServiceClient.Patience, ServiceClient.Cancellation);
        Assert.Empty(posted);
    }

    private sealed class BlockedContext(ConcurrentQueue<SendOrPostCallback> posted) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => posted.Enqueue(d);
    }
}
