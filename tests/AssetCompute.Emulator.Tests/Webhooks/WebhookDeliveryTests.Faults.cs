using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>Duplicate and out-of-order deliveries.</summary>
public sealed partial class WebhookDeliveryTests
{
    [Fact]
    public async Task Faults_deliver_twice_and_out_of_order_and_lose_nothing()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Webhooks.MaxConcurrency = 1, Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        emulator.Faults.Webhooks.DuplicateShare = 0.3;
        emulator.Faults.Webhooks.ReorderShare = 0.3;
        emulator.Faults.Webhooks.Seed(1);

        await PublishAsync(emulator, 100);
        await DeliveredAsync(registration);

        var names = receiver.Accepted.Select(envelope => envelope["data"]!["repositoryMetadata"]!["repo:name"]!.GetValue<string>()).ToArray();
        Assert.Equal(100, names.Distinct().Count());
        Assert.InRange(names.Length, 110, 160);
        Assert.NotEqual(names.Distinct().Order(StringComparer.Ordinal), names.Distinct());
        Assert.Equal(names.Length, receiver.Calls.Select(call => call.Headers["x-adobe-delivery-id"]).Distinct().Count());
        Assert.Equal(100, receiver.Calls.Select(call => call.Headers["x-adobe-event-id"]).Distinct().Count());
        emulator.Faults.Clear();
        Assert.Equal(0, emulator.Faults.Webhooks.DuplicateShare);
    }

    [Fact]
    public async Task Duplicates_of_batches_go_in_deliveries_of_their_own()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Webhooks.MaxConcurrency = 1, Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url, Batch = true }, Cancellation);
        emulator.Faults.Webhooks.DuplicateShare = 0.2;

        await PublishAsync(emulator, 60);
        await DeliveredAsync(registration);

        Assert.InRange(receiver.Accepted.Count, 61, 100);
        Assert.All(receiver.Calls, call => Assert.Distinct(call.Events.Select(envelope => envelope["eventid"]!.GetValue<string>())));
    }

    [Fact]
    public async Task Same_seed_delivers_the_same_events_twice_however_fast_they_go()
    {
        async Task<string[]> TwiceAsync(int seed, bool wait)
        {
            await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
            await using var receiver = await WebhookReceiver.StartAsync();
            var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
            emulator.Faults.Webhooks.DuplicateShare = 0.3;
            emulator.Faults.Webhooks.ReorderShare = 0.3;
            emulator.Faults.Webhooks.Seed(seed);
            for (var i = 0; i < 40; i++)
            {
                await emulator.Aem.AddAssetAsync($"/content/dam/{i:000}.png", new byte[1], cancellationToken: Cancellation);
                emulator.Aem.Publish($"/content/dam/{i:000}.png");
                if (wait)
                {
                    await DeliveredAsync(registration);
                }
            }

            await DeliveredAsync(registration);
            return [.. receiver.Accepted.CountBy(envelope => envelope["data"]!["repositoryMetadata"]!["repo:name"]!.GetValue<string>()).Where(pair => pair.Value == 2).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        }

        var fast = await TwiceAsync(5, wait: false);

        Assert.NotEmpty(fast);
        Assert.Equal(fast, await TwiceAsync(5, wait: true));
        Assert.NotEqual(fast, await TwiceAsync(6, wait: false));
    }
}
