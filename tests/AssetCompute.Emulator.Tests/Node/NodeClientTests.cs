using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>Adobe's own Node packages, unmodified, against the emulator.</summary>
[Trait("Category", "Node")]
public sealed class NodeClientTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    /// <summary>The client's first poll, at the journal's end, must come before the first event.</summary>
    private static readonly TimeSpan EventDelay = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asset_compute_client_with_OAuth_registers_processes_waits_and_unregisters()
    {
        Assert.NotNull(node);
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.EventDelay = EventDelay, Cancellation);
        emulator.Faults.Next(EmulatorOperation.Process, EmulatorFault.Answer(429, TimeSpan.FromSeconds(1)));

        var seen = await RunClientAsync(emulator, new JsonObject
        {
            ["TYPE"] = "oauthservertoserver",
            ["ORG_ID"] = "emulator@AdobeOrg",
            ["CLIENT_ID"] = "emulator-client",
            ["CLIENT_SECRETS"] = new JsonArray("one-that-was-rotated-out", "emulator-secret"),
            ["SCOPES"] = new JsonArray("openid", "AdobeID", "asset_compute", "event_receiver"),
            ["TECHNICAL_ACCOUNT_ID"] = "emulator@techacct.adobe.com",
            ["TECHNICAL_ACCOUNT_EMAIL"] = "emulator@techacct.adobe.com",
        });

        AssertRanThrough(emulator, seen);
        Assert.Equal([429, 200], emulator.Calls.Of(EmulatorOperation.Process).Select(call => call.Status));
        Assert.Equal([400, 200], emulator.Calls.Of(EmulatorOperation.Token).Select(call => call.Status));
    }

    [Fact]
    public async Task Asset_compute_client_with_a_JWT_registers_processes_waits_and_unregisters()
    {
        using var key = RSA.Create(2048);
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Journal.EventDelay = EventDelay;
                options.Clients.Add(EmulatorClient.WellKnown with { PublicKeys = [key.ExportSubjectPublicKeyInfoPem()] });
            },
            Cancellation);

        var seen = await RunClientAsync(emulator, new JsonObject
        {
            ["metascopes"] = new JsonArray("asset_compute_meta", "event_receiver_api", "ent_adobeio_sdk"),
            ["technicalAccount"] = new JsonObject
            {
                ["id"] = "emulator@techacct.adobe.com",
                ["org"] = "emulator@AdobeOrg",
                ["clientId"] = "emulator-client",
                ["clientSecret"] = "emulator-secret",
                ["privateKey"] = key.ExportPkcs8PrivateKeyPem(),
            },
        });

        AssertRanThrough(emulator, seen);
        Assert.Equal("/ims/exchange/v1/jwt", emulator.Calls.Of(EmulatorOperation.Token).Single().Path);
    }

    [Fact]
    public async Task Aio_lib_events_reads_the_journal_with_limit_since_and_latest()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        for (var i = 1; i <= 5; i++)
        {
            emulator.Publish(i);
        }

        var seen = await NodeFixture.RunScriptAsync("aio-lib-events.mjs", new JsonObject
        {
            ["organizationId"] = "emulator@AdobeOrg",
            ["clientId"] = "emulator-client",
            ["accessToken"] = client.Token,
            ["journal"] = client.Journal!.AbsoluteUri,
        });

        Assert.Equal([1, 2], Numbers(seen["first"]!));
        Assert.Equal([3, 4], Numbers(seen["second"]!));
        Assert.Equal([2, 3, 4, 5], Numbers(seen["since"]!));
        Assert.Null(seen["latest"]!["events"]);
        Assert.Equal(1000, seen["latest"]!["retryAfter"]!.GetValue<int>());
        Assert.StartsWith(client.Journal.AbsoluteUri, seen["latest"]!["link"]!["next"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4, 5], seen["observed"]!.AsArray().Select(number => number!.GetValue<int>()));
    }

    private static async Task<JsonObject> RunClientAsync(AssetComputeEmulator emulator, JsonObject integration)
    {
        await emulator.Storage.PutAsync("source", TestFiles.Photo("sunset.jpg"), "image/jpeg", Cancellation);
        return await NodeFixture.RunScriptAsync("asset-compute-client.mjs", new JsonObject
        {
            ["url"] = emulator.Endpoint.AbsoluteUri.TrimEnd('/'),
            ["integration"] = integration,
            ["source"] = new JsonObject { ["url"] = emulator.Storage.CreateReadUrl("source").AbsoluteUri, ["name"] = "sunset.jpg" },
            ["renditions"] = new JsonArray(
                RenditionTests.Rendition(emulator, "one.png", "png", width: 48),
                RenditionTests.Rendition(emulator, "two.xyz", "xyz"),
                RenditionTests.Rendition(emulator, "three.jpg", "jpg", width: 320)),
        });
    }

    private static void AssertRanThrough(AssetComputeEmulator emulator, JsonObject seen)
    {
        Assert.True(seen["register"]!["ok"]!.GetValue<bool>());
        Assert.True(seen["process"]!["ok"]!.GetValue<bool>());
        Assert.Equal(
            ["rendition_created", "rendition_failed", "rendition_created"],
            seen["events"]!.AsArray().Select(@event => @event!["type"]!.GetValue<string>()));
        Assert.Equal(48, seen["events"]![0]!["metadata"]!["tiff:imageWidth"]!.GetValue<int>());
        Assert.Equal("RenditionFormatUnsupported", seen["events"]![1]!["errorReason"]!.GetValue<string>());
        Assert.True(seen["unregister"]!["ok"]!.GetValue<bool>());
        Assert.True(emulator.Storage.Exists("one.png"));
        Assert.True(emulator.Storage.Exists("three.jpg"));
    }

    private static List<int> Numbers(JsonNode page) => [.. page["events"]!.AsArray().Select(entry => entry!["event"]!.GetValue<int>())];
}
