using System.Globalization;

namespace AssetCompute.Emulator.Tests;

public sealed class LoadTests
{
    // Set ASSET_COMPUTE_LOAD_REQUESTS=150 for the long run.
    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("ASSET_COMPUTE_LOAD_REQUESTS") ?? "50", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_requests_with_three_renditions_each_lose_no_event()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("small.jpg", Images.Small("sunset.jpg", 90), "image/jpeg", Cancellation);
        var source = emulator.Storage.CreateReadUrl("small.jpg").AbsoluteUri;

        var requestIds = new List<string>();
        for (var i = 0; i < Requests; i++)
        {
            requestIds.Add(await client.ProcessAsync(
                source,
                RenditionTests.Rendition(emulator, $"{i}.png", "png", width: 48),
                RenditionTests.Rendition(emulator, $"{i}.jpg", "jpg", width: 30),
                RenditionTests.Rendition(emulator, $"{i}.jpeg", "jpeg", width: 20)));
        }

        var events = await client.EventsAsync(3 * Requests);

        Assert.All(events, @event => Assert.Equal("rendition_created", @event["type"]!.GetValue<string>()));
        Assert.Equal(
            requestIds.Order(StringComparer.Ordinal),
            events.GroupBy(@event => @event["requestId"]!.GetValue<string>()).Where(group => group.Count() == 3).Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.Equal((3 * Requests) + 1, emulator.Storage.Names.Count);
    }
}
