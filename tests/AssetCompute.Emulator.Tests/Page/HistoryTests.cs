using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class HistoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_tells_the_cause_of_a_failure_that_its_event_hides()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await client.ProcessAsync(emulator.Storage.CreateReadUrl("missing").AbsoluteUri, RenditionTests.Rendition(emulator, "a", "png"));
        await client.EventsAsync(1);

        var failed = await RenditionOfOnlyJobAsync(client);

        Assert.Equal("Unknown error", failed["message"]!.GetValue<string>());
        Assert.StartsWith($"HEAD '{emulator.Endpoint}blobs/missing'", failed["cause"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("failed with status 404", failed["cause"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_tells_no_cause_of_a_rendition_that_was_made()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await client.ProcessAsync("data:,x", RenditionTests.Rendition(emulator, "a", "png"));
        await client.EventsAsync(1);

        var made = await RenditionOfOnlyJobAsync(client);

        Assert.Equal("created", made["state"]!.GetValue<string>());
        Assert.Null(made["cause"]);
    }

    [Fact]
    public async Task Page_remembers_jobs_up_to_so_many_bytes_and_always_the_newest()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var small = await client.ProcessAsync("data:,small", RenditionTests.Rendition(emulator, "small", "png"));

        // A job counts with its request and its event, which both contain the source. So each is a little larger than half of the limit.
        var source = $"data:,{new string('x', 17 << 20)}";
        var first = await client.ProcessAsync(source, RenditionTests.Rendition(emulator, "large", "png"));
        Assert.Equal([first, small], await JobsAsync());
        var second = await client.ProcessAsync(source, RenditionTests.Rendition(emulator, "large", "png"));

        Assert.Equal([second], await JobsAsync());

        async Task<string[]> JobsAsync()
        {
            using var response = await client.Http.GetAsync("/emulator/jobs", Cancellation);
            return [.. (await ServiceClient.JsonAsync(response))["jobs"]!.AsArray().Select(job => job!["requestId"]!.GetValue<string>())];
        }
    }

    private static async Task<JsonObject> RenditionOfOnlyJobAsync(ServiceClient client)
    {
        using var all = await client.Http.GetAsync("/emulator/jobs", Cancellation);
        var job = Assert.Single((await ServiceClient.JsonAsync(all))["jobs"]!.AsArray())!["id"]!.GetValue<string>();
        using var one = await client.Http.GetAsync($"/emulator/jobs/{job}", Cancellation);
        return Assert.Single((await ServiceClient.JsonAsync(one))["renditions"]!.AsArray())!.AsObject();
    }
}
