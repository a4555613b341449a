using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed partial class WebhookDeliveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CloudEvent_is_delivered_with_its_members_its_recipient_and_every_header()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await PublishAsync(emulator, 1);
        await DeliveredAsync(registration);

        var call = Assert.Single(receiver.Calls);
        var headers = call.Headers;
        var attempt = Assert.Single(registration.Attempts);
        Assert.Equal(attempt.DeliveryId, headers["x-adobe-delivery-id"]);
        Assert.Equal(attempt.EventIds.Single(), headers["x-adobe-event-id"]);
        Assert.Equal("aem.assets.asset.published", headers["x-adobe-event-code"]);
        Assert.Equal("aem", headers["x-adobe-provider"]);
        Assert.Equal("Adobe/1.0", headers["user-agent"]);
        Assert.Equal("application/json; charset=utf-8", headers["content-type"]);
        Assert.NotEmpty(headers["x-request-id"]);
        Assert.DoesNotContain("x-adobe-retry-count", headers.Keys);

        // Without its envelope, the delivery equals the journal's event.
        var envelope = call.Json.AsObject();
        Assert.Equal(headers["x-adobe-event-id"], envelope["eventid"]!.GetValue<string>());
        Assert.Equal(headers["x-adobe-event-id"], envelope["event_id"]!.GetValue<string>());
        Assert.Equal("emulator-client", envelope["recipientclientid"]!.GetValue<string>());
        Assert.Equal("emulator-client", envelope["recipient_client_id"]!.GetValue<string>());
        foreach (var name in new[] { "eventid", "event_id", "recipientclientid", "recipient_client_id" })
        {
            envelope.Remove(name);
        }

        Assert.True(JsonNode.DeepEquals(envelope, (await AemEventTests.EventsAsync(client, registration)).Single()), envelope.ToJsonString());
    }

    [Fact]
    public async Task Xdm_event_is_delivered_in_the_legacy_envelope()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url, Form = EventForm.Xdm }, Cancellation);
        await PublishAsync(emulator, 1);
        await DeliveredAsync(registration);

        var call = Assert.Single(receiver.Calls);
        var envelope = call.Json.AsObject();
        Assert.Equal(["event_id", "event", "recipient_client_id"], envelope.Select(member => member.Key));
        Assert.Equal(call.Headers["x-adobe-event-id"], envelope["event_id"]!.GetValue<string>());
        Assert.Equal("emulator-client", envelope["recipient_client_id"]!.GetValue<string>());
        Assert.Equal("asset_published", call.Headers["x-adobe-event-code"]);
        Assert.True(JsonNode.DeepEquals(envelope["event"], (await AemEventTests.EventsAsync(client, registration)).Single()));
    }

    [Fact]
    public async Task Both_signatures_verify_over_the_raw_body_by_the_keys_that_are_served()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await PublishAsync(emulator, 1);
        await DeliveredAsync(registration);
        var call = Assert.Single(receiver.Calls);

        using var key1 = await KeyAsync(emulator, call, 1);
        using var key2 = await KeyAsync(emulator, call, 2);

        Assert.Equal(2048, key1.KeySize);
        Assert.NotEqual(call.Headers["x-adobe-public-key1-path"], call.Headers["x-adobe-public-key2-path"]);
        Assert.True(Verifies(key1, call, 1));
        Assert.True(Verifies(key2, call, 2));
        Assert.False(Verifies(key1, call, 2));
        call.Body[10] ^= 1;
        Assert.False(Verifies(key1, call, 1));
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        using var unknown = await http.GetAsync($"/prod/keys/pub-key-{Guid.NewGuid():D}.pem", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Rotation_replaces_one_key_at_a_time_and_old_deliveries_still_verify()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        for (var i = 0; i < 3; i++)
        {
            await PublishAsync(emulator, 1);
            await DeliveredAsync(registration);
            emulator.Aem.Registrations.RotateKeys();
        }

        var paths = receiver.Calls.Select(call => (call.Headers["x-adobe-public-key1-path"], call.Headers["x-adobe-public-key2-path"])).ToArray();
        Assert.NotEqual(paths[0].Item1, paths[1].Item1);
        Assert.Equal(paths[0].Item2, paths[1].Item2);
        Assert.Equal(paths[1].Item1, paths[2].Item1);
        Assert.NotEqual(paths[1].Item2, paths[2].Item2);
        foreach (var call in receiver.Calls)
        {
            using var key1 = await KeyAsync(emulator, call, 1);
            using var key2 = await KeyAsync(emulator, call, 2);
            Assert.True(Verifies(key1, call, 1) && Verifies(key2, call, 2));
        }
    }

    [Fact]
    public async Task Batch_holds_at_most_twenty_events_and_two_megabytes()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Webhooks.MaxConcurrency = 1, Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var first = new TaskCompletionSource();
        receiver.Answer = async (_, cancellation) =>
        {
            // The first delivery is held, so all others wait in the queue.
            await first.Task.WaitAsync(cancellation);
            return 200;
        };
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url, Batch = true }, Cancellation);
        await PublishAsync(emulator, 1);
        await ArrivedAsync(receiver, 1);
        await PublishAsync(emulator, 45);
        var large = new JsonObject { ["note"] = new string('x', 900_000) };
        for (var i = 0; i < 5; i++)
        {
            await emulator.Aem.AddAssetAsync($"/content/dam/large/{i}.png", new byte[1], metadata: large, cancellationToken: Cancellation);
        }

        await emulator.Aem.AddAssetAsync("/content/dam/large/5.png", new byte[1], metadata: new() { ["note"] = new string('x', 2_500_000) }, cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam/large");
        first.SetResult();
        await DeliveredAsync(registration);

        Assert.Equal([1, 20, 20, 7, 2, 1, 1], receiver.Calls.Select(call => call.Json.AsArray().Count));
        Assert.All(receiver.Calls.SkipLast(1), call => Assert.InRange(call.Body.Length, 1, 2_000_000));
        Assert.All(receiver.Accepted, envelope => Assert.Equal("emulator-client", envelope["recipientclientid"]!.GetValue<string>()));
        Assert.Equal(52, receiver.Accepted.Select(envelope => envelope["id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(20, registration.Attempts[1].EventIds.Count);
        using var key = await KeyAsync(emulator, receiver.Calls[1], 1);
        Assert.True(Verifies(key, receiver.Calls[1], 1));
    }

    [Fact]
    public async Task Three_hundred_at_once_are_delivered_by_as_many_at_a_time_as_the_options_say()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Webhooks.MaxConcurrency = 7, Cancellation);
        await using var receiver = await WebhookReceiver.StartAsync();
        var seven = new TaskCompletionSource();
        receiver.Answer = async (_, cancellation) =>
        {
            if (receiver.Calls.Count >= 7)
            {
                seven.TrySetResult();
            }

            await seven.Task.WaitAsync(cancellation);
            return 200;
        };
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);

        await PublishAsync(emulator, 300);
        await DeliveredAsync(registration);

        Assert.Equal(300, receiver.Accepted.Select(envelope => envelope["id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(300, receiver.Calls.Count);
        Assert.Equal(7, receiver.MostUnderWay);
    }

    [Fact]
    public async Task Emulator_that_ends_waits_for_no_webhook()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return 200;
        };
        var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, Cancellation);
        await PublishAsync(emulator, 100);
        await ArrivedAsync(receiver, 1);

        await emulator.DisposeAsync().AsTask().WaitAsync(ServiceClient.Patience, Cancellation);

        Assert.Empty(registration.Attempts);
    }

    /// <summary>Adds and publishes assets in a separate folder.</summary>
    internal static async Task PublishAsync(AssetComputeEmulator emulator, int count)
    {
        var folder = $"/content/dam/{Guid.NewGuid():N}";
        for (var i = 0; i < count; i++)
        {
            await emulator.Aem.AddAssetAsync($"{folder}/{i:000}.png", new byte[1], cancellationToken: Cancellation);
        }

        emulator.Aem.Publish(folder);
    }

    internal static Task DeliveredAsync(EventRegistration registration) =>
        registration.WaitAsync(it => it.PendingEvents == 0, Cancellation).WaitAsync(ServiceClient.Patience, Cancellation);

    private static async Task ArrivedAsync(WebhookReceiver receiver, int count)
    {
        while (receiver.Calls.Count < count)
        {
            await Task.Delay(5, Cancellation);
        }
    }

    private static async Task<RSA> KeyAsync(AssetComputeEmulator emulator, WebhookCall call, int number)
    {
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        var path = call.Headers[$"x-adobe-public-key{number}-path"];
        Assert.Matches("^/prod/keys/pub-key-[0-9a-f-]{36}\\.pem$", path);
        var key = RSA.Create();
        key.ImportFromPem(await http.GetStringAsync(path, Cancellation));
        return key;
    }

    private static bool Verifies(RSA key, WebhookCall call, int number) => key.VerifyData(
        call.Body, Convert.FromBase64String(call.Headers[$"x-adobe-digital-signature-{number}"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
