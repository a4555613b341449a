using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed partial class AemEventTests
{
    private const string Photo = "/content/dam/campaign/photo.jpg";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Published_as_a_CloudEvent_has_every_member()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var emulator = await StartAsync(clock);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(cancellationToken: Cancellation);
        var asset = await emulator.Aem.AddAssetAsync(Photo, new byte[77], metadata: new() { ["dc:title"] = "T", ["tiff:imageWidth"] = "640" }, cancellationToken: Cancellation);
        clock.Advance(TimeSpan.FromSeconds(3));

        emulator.Aem.Publish(Photo);

        var @event = (await EventsAsync(client, registration)).Single();
        Assert.Equal(["specversion", "type", "source", "id", "time", "datacontenttype", "data"], @event.Select(member => member.Key));
        Assert.Equal("1.0", Text(@event["specversion"]));
        Assert.Equal("aem.assets.asset.published", Text(@event["type"]));
        Assert.Equal("acct:aem-p1-e1@adobe.com", Text(@event["source"]));
        Assert.True(Guid.TryParse(Text(@event["id"]), out _));
        Assert.Equal("2026-01-02T03:04:08.000000000Z", Text(@event["time"]));
        Assert.Equal("application/json", Text(@event["datacontenttype"]));
        var data = @event["data"]!.AsObject();
        Assert.Equal(["assetId", "user", "tier", "repositoryMetadata", "assetMetadata"], data.Select(member => member.Key));
        Assert.StartsWith("urn:aaid:aem:", Text(data["assetId"]), StringComparison.Ordinal);
        Assert.Equal(["imsUserId", "principalId", "displayName"], data["user"]!.AsObject().Select(member => member.Key));
        Assert.Equal("publish", Text(data["tier"]));
        Assert.True(JsonNode.DeepEquals(data["assetMetadata"], JsonNode.Parse("""{"dc:title":"T","tiff:imageWidth":"640"}""")), data["assetMetadata"]!.ToJsonString());
        var version = Text(data["repositoryMetadata"]!["repo:version"]);
        var folder = Text(data["repositoryMetadata"]!["repo:ancestors"]![0]);
        Assert.Matches("^1\\.0::ci:[0-9a-f]{32}$", version);
        Assert.Matches("^urn:aaid:aem:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", folder);
        Assert.True(
            JsonNode.DeepEquals(data["repositoryMetadata"], JsonNode.Parse($$"""
                {
                  "repo:repositoryId": "author-p1-e1.adobeaemcloud.com", "repo:assetId": "{{asset.Id}}", "repo:name": "photo.jpg", "repo:path": "{{Photo}}",
                  "repo:size": "77", "repo:version": "{{version}}", "repo:state": "ACTIVE", "repo:assetClass": "file",
                  "repo:ancestors": ["{{folder}}"],
                  "repo:createDate": "2026-01-02T03:04:05.000Z", "repo:createdBy": "emulator@techacct.adobe.com",
                  "repo:modifyDate": "2026-01-02T03:04:05.000Z", "repo:modifiedBy": "emulator@techacct.adobe.com",
                  "dc:format": "image/jpeg", "dam:sha1": "{{asset.Sha1}}", "aem:assetState": "processed", "tiff:imageWidth": 640
                }
                """)),
            data["repositoryMetadata"]!.ToJsonString());
    }

    [Fact]
    public async Task Published_in_the_documentations_spelling_has_a_host_as_source_and_a_number_as_size()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Spelling = WireSpelling.Documentation, Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync(Photo, new byte[77], cancellationToken: Cancellation);
        emulator.Aem.Publish(Photo);

        var @event = (await EventsAsync(client, registration)).Single();

        Assert.Equal("author-p1-e1.adobeaemcloud.com", Text(@event["source"]));
        Assert.Equal(77, @event["data"]!["repositoryMetadata"]!["repo:size"]!.GetValue<int>());
    }

    [Fact]
    public async Task Every_kind_of_CloudEvent_reaches_a_registration_that_wants_it_and_no_other()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var everything = await emulator.Aem.Registrations.AddAsync(new() { Events = Enum.GetValues<AemEventKind>() }, Cancellation);
        var publications = await emulator.Aem.Registrations.AddAsync(cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync(Photo, new byte[1], metadata: new() { ["exportDestination"] = "azure" }, cancellationToken: Cancellation);
        emulator.Aem.SetMetadata(Photo, new() { ["exportDestination"] = "marketo", ["exportImmediately"] = "yes" });
        await emulator.Aem.AddAssetAsync(Photo, new byte[2], cancellationToken: Cancellation);
        emulator.Aem.Publish(Photo);
        emulator.Aem.Delete(Photo);

        var events = await EventsAsync(client, everything);

        Assert.Equal(
            [
                "aem.assets.asset.processing_completed", "aem.assets.asset.metadata_updated", "aem.assets.asset.processing_completed",
                "aem.assets.asset.published", "aem.assets.asset.deleted",
            ],
            events.Select(@event => Text(@event["type"])));
        Assert.False(events[0]["data"]!.AsObject().ContainsKey("user"));
        Assert.False(events[1]["data"]!.AsObject().ContainsKey("tier"));
        var updated = events[1]["data"]!["assetMetadata"]!;
        Assert.Equal("marketo", Text(updated["exportDestination"]));
        Assert.Equal("""{"exportDestination":"azure"}""", updated["event:updated"]!.ToJsonString());
        Assert.Equal("""{"exportImmediately":"yes"}""", updated["event:created"]!.ToJsonString());
        var versions = events.Select(@event => Text(@event["data"]!["repositoryMetadata"]!["repo:version"])).ToArray();
        Assert.Equal(2, versions.Distinct().Count());
        Assert.Equal([versions[0], versions[0], versions[2], versions[2], versions[2]], versions);
        Assert.Single(events.Select(@event => Text(@event["data"]!["assetId"])).Distinct());
        Assert.Equal(5, events.Select(@event => Text(@event["id"])).Distinct().Count());
        Assert.Equal(Text(events[3]["id"]), Text((await EventsAsync(client, publications)).Single()["id"]));
    }

    [Fact]
    public async Task Metadata_are_texts_numbers_Booleans_and_lists_everywhere_and_after_a_restart()
    {
        using var folder = new TempFolder();
        JsonObject updated;
        await using (var first = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder.Path, Cancellation))
        {
            using var client = await AemAuthorTests.SignedInAsync(first);
            var registration = await first.Aem.Registrations.AddAsync(new() { Events = [AemEventKind.MetadataUpdated] }, Cancellation);
            var asset = await first.Aem.AddAssetAsync(
                Photo, new byte[1], metadata: new() { ["text"] = "a", ["yes"] = true, ["number"] = 1.5, ["gone"] = "x", ["list"] = new JsonArray("a", "b") }, cancellationToken: Cancellation);
            Assert.True(asset.Metadata["yes"].GetBoolean());

            first.Aem.SetMetadata(Photo, new() { ["yes"] = false, ["number"] = 2, ["gone"] = null, ["never"] = null, ["list"] = new JsonArray("c"), ["new"] = new JsonArray(1, 2) });
            updated = (await EventsAsync(client, registration)).Single()["data"]!["assetMetadata"]!.AsObject();
        }

        await using var second = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder.Path, Cancellation);
        using var reader = await AemAuthorTests.SignedInAsync(second);
        using var metadata = await reader.SendAsync(HttpMethod.Get, Photo + "/jcr:content/metadata.json");
        var json = await ServiceClient.JsonAsync(metadata);

        Assert.True(
            JsonNode.DeepEquals(updated, JsonNode.Parse("""
                {
                  "text": "a", "yes": false, "number": 2, "list": ["c"], "new": [1, 2],
                  "event:updated": { "yes": true, "number": 1.5, "gone": "x", "list": ["a", "b"] }, "event:created": { "new": [1, 2] }
                }
                """)),
            updated.ToJsonString());
        Assert.Equal("false", json["yes"]!.ToJsonString());
        Assert.Equal("2", json["number"]!.ToJsonString());
        Assert.Equal("""["c"]""", json["list"]!.ToJsonString());
        Assert.False(json.ContainsKey("gone"));
        Assert.Matches("^1\\.0::ci:", Text(json["repo:version"]));
    }

    [Theory]
    [InlineData("/content/dam/a.png", 0)]
    [InlineData("/content/dam/x/a.png", 1)]
    [InlineData("/content/dam/x/y/z/a.png", 3)]
    public async Task Ancestors_are_the_ids_of_the_folders_the_same_for_every_asset_in_them(string path, int count)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync(path, new byte[1], cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync(path + "2", new byte[1], cancellationToken: Cancellation);
        emulator.Aem.Publish("/content/dam");

        var ancestors = (await EventsAsync(client, registration))
            .Select(@event => @event["data"]!["repositoryMetadata"]!["repo:ancestors"]!.AsArray().Select(Text).ToArray()).ToArray();

        Assert.Equal(count, ancestors[0].Distinct().Count());
        Assert.Equal(ancestors[0], ancestors[1]);
    }

    [Fact]
    public async Task Publishing_a_folder_publishes_all_below_it_and_an_unknown_path_nothing()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(cancellationToken: Cancellation);
        foreach (var path in new[] { "/content/dam/a/1.png", "/content/dam/a/b/2.png", "/content/dam/ab/3.png" })
        {
            await emulator.Aem.AddAssetAsync(path, new byte[1], cancellationToken: Cancellation);
        }

        Assert.Throws<ArgumentException>(() => emulator.Aem.Publish("/content/dam/a", "/content/dam/nothing"));
        Assert.All(emulator.Aem.Assets, asset => Assert.Null(asset.PublishedAt));
        emulator.Aem.Publish("/content/dam/a", "/content/dam/a/1.png");

        var events = await EventsAsync(client, registration);
        Assert.Equal(["/content/dam/a/1.png", "/content/dam/a/b/2.png"], events.Select(@event => Text(@event["data"]!["repositoryMetadata"]!["repo:path"])));
        Assert.Equal([1, 1, null], emulator.Aem.Assets.Select(asset => asset.PublishedVersion));
    }

    [Fact]
    public async Task Journal_of_a_registration_is_its_clients_alone_and_not_the_one_of_renditions()
    {
        var other = new EmulatorClient { ClientId = "other", ClientSecrets = ["s"], OrganizationId = "other@AdobeOrg" };
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options =>
            {
                options.Clients.Add(EmulatorClient.WellKnown);
                options.Clients.Add(other);
            },
            Cancellation);
        using var owner = await ServiceClient.RegisteredAsync(emulator);
        using var stranger = await ServiceClient.RegisteredAsync(emulator, other);
        await Assert.ThrowsAsync<ArgumentException>(() => emulator.Aem.Registrations.AddAsync(cancellationToken: Cancellation));
        var registration = await emulator.Aem.Registrations.AddAsync(new() { ClientId = EmulatorClient.WellKnown.ClientId }, Cancellation);
        await emulator.Aem.AddAssetAsync(Photo, new byte[1], cancellationToken: Cancellation);
        emulator.Aem.Publish(Photo);

        using var refused = await stranger.SendAsync(HttpMethod.Get, registration.JournalUrl.AbsolutePath);
        using var renditions = await owner.GetJournalAsync();

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, renditions.StatusCode);
        Assert.Single(await EventsAsync(owner, registration));
        Assert.True(emulator.Aem.Registrations.Remove(registration.Id));
        using var gone = await owner.SendAsync(HttpMethod.Get, registration.JournalUrl.AbsolutePath);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Restart_keeps_registrations_and_what_their_journals_hold()
    {
        using var folder = new TempFolder();
        string path, kept, removed;
        await using (var first = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder.Path, Cancellation))
        {
            var registration = await first.Aem.Registrations.AddAsync(new() { Name = "kept", Form = EventForm.Xdm, Events = [AemEventKind.Published, AemEventKind.Deleted] }, Cancellation);
            (path, kept) = (registration.JournalUrl.AbsolutePath, registration.Id);
            removed = (await first.Aem.Registrations.AddAsync(cancellationToken: Cancellation)).Id;
            await first.Aem.AddAssetAsync(Photo, new byte[1], cancellationToken: Cancellation);
            first.Aem.Publish(Photo);
            first.Aem.Registrations.Remove(removed);
        }

        await using var second = await AssetComputeEmulator.StartAsync(options => options.DataFolder = folder.Path, Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(second);
        var restored = Assert.Single(second.Aem.Registrations);
        second.Aem.Delete(Photo);

        Assert.Equal((kept, "kept", EventForm.Xdm, path), (restored.Id, restored.Name, restored.Form, restored.JournalUrl.AbsolutePath));
        Assert.Equal(["xdmPublished", "xdmDeleted"], (await EventsAsync(client, restored)).Select(@event => Text(@event["@type"])));
    }

    /// <summary>Reads all events of a registration's journal.</summary>
    internal static async Task<List<JsonObject>> EventsAsync(ServiceClient client, EventRegistration registration)
    {
        var events = new List<JsonObject>();
        for (var path = registration.JournalUrl.AbsolutePath; ;)
        {
            using var response = await client.SendAsync(HttpMethod.Get, path);
            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                return events;
            }

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            events.AddRange((await ServiceClient.JsonAsync(response))["events"]!.AsArray().Select(entry => entry!["event"]!.DeepClone().AsObject()));
            path = ServiceClient.NextOf(response);
        }
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static Task<AssetComputeEmulator> StartAsync(FakeTimeProvider clock) =>
        AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
}
