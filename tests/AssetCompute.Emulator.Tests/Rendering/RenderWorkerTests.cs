using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>The lifetime of worker processes and their jobs. The tests count the workers of the process, so no other test can start workers.</summary>
[Collection(nameof(MemoryTests))]
public sealed class RenderWorkerTests
{
    /// <summary>An image that takes hours to draw. The worker doesn't respond in the meantime.</summary>
    public const string EndlessSvg = """
        <svg xmlns="http://www.w3.org/2000/svg" width="20000" height="6000"><filter id="f" x="0" y="0" width="1" height="1">
        <feTurbulence baseFrequency="0.01" numOctaves="1000000000"/></filter><rect width="100%" height="100%" filter="url(#f)"/></svg>
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static string EndlessSource => $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(EndlessSvg))}";

    [Fact]
    public async Task Workers_start_with_the_first_rendition_serve_many_and_end_with_the_emulator()
    {
        var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.MaxConcurrency = 1, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        Assert.Empty(Workers.Of(Environment.ProcessId));

        await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "a", "png", width: 10));
        var worker = Assert.Single(Workers.Of(Environment.ProcessId));
        await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "b", "png", width: 10));

        Assert.Equal(worker, Assert.Single(Workers.Of(Environment.ProcessId)));
        await emulator.DisposeAsync();
        Assert.Empty(Workers.Of(Environment.ProcessId));
    }

    [Fact]
    public async Task Worker_that_is_killed_while_idle_costs_nothing()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.MaxConcurrency = 1, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "a", "png", width: 10));
        var worker = Assert.Single(Workers.Of(Environment.ProcessId));
        Workers.Kill(worker);
        await Workers.GoneAsync(worker);

        var created = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "b", "png", width: 10));

        Assert.Equal("rendition_created", created["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Worker_that_is_killed_in_the_middle_costs_its_job_one_retry_and_no_other_job_anything()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.MaxConcurrency = 2, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        var hanging = await client.ProcessAsync(EndlessSource, RenditionTests.Rendition(emulator, "never", "png"));
        var first = await Workers.BusyAsync(Environment.ProcessId);

        Workers.Kill(first);
        await Workers.GoneAsync(first);
        var second = await Workers.BusyAsync(Environment.ProcessId);
        var other = await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), RenditionTests.Rendition(emulator, "other", "png", width: 10));
        Workers.Kill(second);
        var failed = await EventAsync(client, hanging);

        Assert.Equal("rendition_created", other["type"]!.GetValue<string>());
        Assert.Equal("GenericError", failed["errorReason"]!.GetValue<string>());
        Assert.StartsWith("The render worker ended twice while it worked on this rendition (exit code ", failed["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single(await client.EventsAsync(2), @event => @event["requestId"]!.GetValue<string>() == hanging);
    }

    [Fact]
    public async Task Rendering_that_hangs_is_killed_at_its_time_limit_and_not_tried_again()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.TimeLimit = TimeSpan.FromSeconds(5), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var failed = await client.EventOfAsync(EndlessSource, RenditionTests.Rendition(emulator, "never", "png"));

        Assert.Equal("Processing timed out for rendition fmt='undefined' without result after 5 seconds.", failed["errorMessage"]!.GetValue<string>());
        Assert.Empty(Workers.Of(Environment.ProcessId));
    }

    [Fact]
    public async Task Emulator_that_stops_ends_workers_in_native_code()
    {
        var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await client.ProcessAsync(EndlessSource, RenditionTests.Rendition(emulator, "never", "png"));
        await Workers.BusyAsync(Environment.ProcessId);

        await emulator.DisposeAsync();

        Assert.Empty(Workers.Of(Environment.ProcessId));
    }

    private static async Task<JsonObject> EventAsync(ServiceClient client, string requestId)
    {
        for (var count = 1; ; count++)
        {
            if ((await client.EventsAsync(count)).FirstOrDefault(@event => @event["requestId"]!.GetValue<string>() == requestId) is { } found)
            {
                return found;
            }
        }
    }
}
