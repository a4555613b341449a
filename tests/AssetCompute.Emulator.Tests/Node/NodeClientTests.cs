using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>Adobe's unmodified Node packages against the emulator.</summary>
[Trait("Category", "Node")]
public sealed class NodeClientTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    /// <summary>The client's first poll, at the end of the journal, must precede the first event.</summary>
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

    [Fact]
    public async Task Aio_lib_events_announces_registers_publishes_reads_and_removes()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.FromSeconds(10), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var seen = await NodeFixture.RunScriptAsync("aio-lib-events-own.mjs", new JsonObject
        {
            ["organizationId"] = "emulator@AdobeOrg",
            ["clientId"] = "emulator-client",
            ["accessToken"] = client.Token,
            ["endpoint"] = emulator.Endpoint.AbsoluteUri.TrimEnd('/'),
        });

        Assert.Equal("Things", seen["provider"]!["label"]!.GetValue<string>());
        Assert.Equal("com.example.thing", seen["metadata"]!["event_code"]!.GetValue<string>());
        Assert.Equal("verified", seen["registration"]!["webhook_status"]!.GetValue<string>());
        Assert.True(seen["registration"]!["enabled"]!.GetValue<bool>());
        Assert.Equal(10_000, seen["retryAfter"]!.GetValue<int>());
        Assert.Equal("OK", seen["published"]!.GetValue<string>());
        Assert.Equal("undefined", seen["foreign"]!.GetValue<string>());
        Assert.Equal("thing-1", Assert.Single(seen["events"]!.AsArray())!["event"]!["id"]!.GetValue<string>());
        Assert.Equal(3, seen["removed"]!.GetValue<int>());
        Assert.Empty(emulator.Aem.Registrations);
    }

    [Fact]
    public async Task Aio_lib_events_passes_its_own_end_to_end_test()
    {
        // The test expects Adobe's 10 seconds. It also waits for a minute before it reads.
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.FromSeconds(10), Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);

        var seen = await NodeFixture.RunEndToEndTestAsync("@adobe/aio-lib-events", "aio-lib-events-e2e.cjs", new Dictionary<string, string>
        {
            ["EMULATOR"] = emulator.Endpoint.AbsoluteUri,
            ["EVENTS_ORG_ID"] = "emulator@AdobeOrg",
            ["EVENTS_API_KEY"] = "emulator-client",
            ["EVENTS_JWT_TOKEN"] = client.Token,
            ["EVENTS_CONSUMER_ORG_ID"] = "org",
            ["EVENTS_PROJECT_ID"] = "project",
            ["EVENTS_WORKSPACE_ID"] = "workspace",
        });

        Assert.Equal(9, seen["numPassedTests"]!.GetValue<int>());
        Assert.Equal(9, seen["numTotalTests"]!.GetValue<int>());
    }

    [Fact]
    public async Task Aio_lib_ims_makes_the_seven_calls_of_its_end_to_end_test()
    {
        using var key = RSA.Create(2048);
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options => options.Clients.Add(EmulatorClient.WellKnown with { PublicKeys = [key.ExportSubjectPublicKeyInfoPem()] }), Cancellation);

        var seen = await NodeFixture.RunScriptAsync("aio-lib-ims.mjs", new JsonObject
        {
            ["endpoint"] = emulator.Endpoint.AbsoluteUri.TrimEnd('/'),
            ["clientId"] = "emulator-client",
            ["clientSecret"] = "emulator-secret",
            ["organizationId"] = "emulator@AdobeOrg",
            ["jwt"] = JwtExchangeTests.Jwt(TimeProvider.System, emulator, key: key),
        });

        Assert.Contains("400", seen["refused"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(seen["granted"]!.GetValue<bool>());
        Assert.Equal("emulator", Assert.Single(seen["organizations"]!.AsArray())!["orgRef"]!["ident"]!.GetValue<string>());
        Assert.True(seen["validated"]!["valid"]!.GetValue<bool>());
        Assert.Equal("", seen["invalidated"]!.GetValue<string>());
        Assert.False(seen["validatedAgain"]!["valid"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Aem_upload_uploads_a_folder_of_twenty_files()
    {
        using var folder = new TempFolder();
        for (var i = 0; i < 20; i++)
        {
            var path = folder[Path.Combine("campaign", i % 2 == 0 ? "" : "zwei ö", $"{i}.bin")];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)i, 1000 + i)], Cancellation);
        }

        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);

        var seen = await NodeFixture.RunScriptAsync("aem-upload.mjs", new JsonObject
        {
            ["folder"] = folder["campaign"],
            ["target"] = emulator.Endpoint.AbsoluteUri + "content/dam/new",
            ["accessToken"] = client.Token,
        });

        Assert.True(emulator.Aem.Assets.Count == 20, seen.ToJsonString());
        foreach (var asset in emulator.Aem.Assets)
        {
            var number = int.Parse(Path.GetFileNameWithoutExtension(asset.Name), System.Globalization.CultureInfo.InvariantCulture);
            Assert.StartsWith("/content/dam/new/campaign/", asset.Path, StringComparison.Ordinal);
            Assert.Equal(1000 + number, asset.Size);
            await using var content = asset.OpenRead();
            var bytes = new byte[asset.Size];
            await content.ReadExactlyAsync(bytes, Cancellation);
            Assert.Equal(Enumerable.Repeat((byte)number, 1000 + number), bytes);
        }

        Assert.DoesNotContain(emulator.Storage.Names, name => name.StartsWith("aem-uploads/", StringComparison.Ordinal));
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
