using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed partial class AemEventTests
{
    [Fact]
    public async Task Published_in_XDM_has_every_member()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var emulator = await StartAsync(clock);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { Form = EventForm.Xdm }, Cancellation);
        var asset = await emulator.Aem.AddAssetAsync(Photo, new byte[77], cancellationToken: Cancellation);

        emulator.Aem.Publish(Photo);

        var @event = (await EventsAsync(client, registration)).Single();
        Assert.StartsWith("urn:oeid:aem:", Text(@event["@id"]), StringComparison.Ordinal);
        Assert.Contains("activitystreams", @event["@context"]!.AsObject().Select(member => member.Key));
        @event.Remove("@id");
        @event.Remove("@context");
        Assert.True(
            JsonNode.DeepEquals(@event, JsonNode.Parse($$"""
                {
                  "@type": "xdmPublished", "xdmEventEnvelope:objectType": "xdmAsset", "activitystreams:published": "2026-01-02T03:04:05.000Z",
                  "activitystreams:to": { "@type": "xdmImsOrg", "xdmImsOrg:id": "emulator@AdobeOrg" },
                  "activitystreams:generator": { "@type": "xdmContentRepository", "xdmContentRepository:root": "{{emulator.Aem.Endpoint}}" },
                  "activitystreams:actor": { "@type": "xdmAemUser", "xdmAemUser:id": "emulator" },
                  "activitystreams:object": {
                    "@type": "xdmAsset", "xdmAsset:asset_id": "{{asset.Id}}", "xdmAsset:asset_name": "photo.jpg", "xdmAsset:etag": "{{asset.Sha1}}",
                    "xdmAsset:path": "{{Photo}}", "xdmAsset:format": "image/jpeg"
                  }
                }
                """)),
            @event.ToJsonString());
    }

    [Fact]
    public async Task Kinds_in_XDM_are_created_updated_published_and_deleted_which_has_only_the_id()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        var registration = await emulator.Aem.Registrations.AddAsync(new() { Form = EventForm.Xdm, Events = Enum.GetValues<AemEventKind>() }, Cancellation);
        await emulator.Aem.AddAssetAsync(Photo, new byte[1], cancellationToken: Cancellation);
        emulator.Aem.SetMetadata(Photo, new() { ["dc:title"] = "x" });
        await emulator.Aem.AddAssetAsync(Photo, new byte[2], cancellationToken: Cancellation);
        emulator.Aem.Publish(Photo);
        emulator.Aem.Delete(Photo);

        var events = await EventsAsync(client, registration);

        Assert.Equal(["xdmCreated", "xdmUpdated", "xdmUpdated", "xdmPublished", "xdmDeleted"], events.Select(@event => Text(@event["@type"])));
        Assert.Equal(["@type", "xdmAsset:asset_id"], events[4]["activitystreams:object"]!.AsObject().Select(member => member.Key));
    }
}
