namespace AssetCompute.Emulator.Tests;

/// <summary>Measures the memory of the whole process, so no other test can run at the same time.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    private const int AtOnce = 10;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_thousand_jobs_without_rendering_leave_no_more_memory_than_the_first_five_hundred()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Rendering.Mode = EmulatorRenderingMode.None;
                options.CallCapacity = 100;
                options.JobCapacity = 50;
                options.Journal.Capacity = 200;
            },
            Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        async Task<long> RunAsync(int jobs)
        {
            for (var i = 0; i < jobs; i += AtOnce)
            {
                var uploads = emulator.Calls.Count(EmulatorOperation.BlobWrite);
                await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "same", "png"))));
                while (emulator.Calls.Count(EmulatorOperation.BlobWrite) < uploads + AtOnce)
                {
                    await Task.Delay(1, Cancellation);
                }
            }

            return GC.GetTotalMemory(forceFullCollection: true);
        }

        var early = await RunAsync(500);
        var late = await RunAsync(2000);

        // A retained job costs kilobytes, so 2,000 retained jobs would cost megabytes.
        Assert.True(late - early < 2_000_000, $"{early} bytes after 500 jobs, {late} after 2,500");
    }
}
