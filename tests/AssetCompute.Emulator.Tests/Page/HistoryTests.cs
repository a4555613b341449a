namespace AssetCompute.Emulator.Tests;

public sealed class HistoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_remembers_jobs_up_to_so_many_bytes_and_always_the_newest()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var small = await client.ProcessAsync("data:,small", RenditionTests.Rendition(emulator, "small", "png"));
        await client.EventsAsync(1);
        async Task<string> ProcessAsync(int count)
        {
            // Both the request and its event contain the source.
            var requestId = await client.ProcessAsync($"data:,{new string('x', 24 << 20)}", RenditionTests.Rendition(emulator, "large", "png"));
            await client.EventsAsync(count);
            return requestId;
        }

        var first = await ProcessAsync(2);
        Assert.Equal([first, small], await JobsAsync());
        var second = await ProcessAsync(3);

        Assert.Equal([second], await JobsAsync());

        async Task<string[]> JobsAsync()
        {
            using var response = await client.Http.GetAsync("/emulator/jobs", Cancellation);
            return [.. (await ServiceClient.JsonAsync(response))["jobs"]!.AsArray().Select(job => job!["requestId"]!.GetValue<string>())];
        }
    }
}
