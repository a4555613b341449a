using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Asset events in the format of the event add-on of older AEM versions: XDM in activity streams.</summary>
internal static class AemXdmEvents
{
    public static string CodeOf(AemEvent @event) => $"asset_{VerbOf(@event).ToLowerInvariant()}";

    public static JsonObject Create(AemEvent @event, Uri author, string organizationId) => new()
    {
        ["@id"] = $"urn:oeid:aem:{@event.Id:D}",
        ["@type"] = $"xdm{VerbOf(@event)}",
        ["xdmEventEnvelope:objectType"] = "xdmAsset",
        ["activitystreams:published"] = @event.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["activitystreams:to"] = new JsonObject { ["@type"] = "xdmImsOrg", ["xdmImsOrg:id"] = organizationId },
        ["activitystreams:generator"] = new JsonObject { ["@type"] = "xdmContentRepository", ["xdmContentRepository:root"] = author.AbsoluteUri },
        ["activitystreams:actor"] = new JsonObject { ["@type"] = "xdmAemUser", ["xdmAemUser:id"] = "emulator" },
        ["activitystreams:object"] = ObjectOf(@event),
        ["@context"] = new JsonObject
        {
            ["activitystreams"] = "http://www.w3.org/ns/activitystreams#",
            ["xdmContentRepository"] = "http://ns.adobe.com/xdm/content/repository",
            ["xdmAsset"] = "http://ns.adobe.com/xdm/assets/asset#",
            ["xdmImsOrg"] = "https://ns.adobe.com/xdm/ims/organization",
            ["xdmEventEnvelope"] = "https://ns.adobe.com/xdm/common/eventenvelope#",
            ["xdmAemUser"] = "https://ns.adobe.com/xdm/aem/user#",
        },
    };

    private static string VerbOf(AemEvent @event) => @event.Kind switch
    {
        AemEventKind.Published => "Published",
        AemEventKind.Deleted => "Deleted",
        _ => @event.IsNew ? "Created" : "Updated",
    };

    private static JsonObject ObjectOf(AemEvent @event)
    {
        var present = @event.Kind == AemEventKind.Deleted ? null : @event.Asset;
        return new JsonObject
        {
            ["@type"] = "xdmAsset",
            ["xdmAsset:asset_id"] = @event.Asset.Id,
            ["xdmAsset:asset_name"] = present?.Name,
            ["xdmAsset:etag"] = present?.Sha1,
            ["xdmAsset:path"] = present?.Path,
            ["xdmAsset:format"] = present?.ContentType,
        }.WithoutNulls();
    }
}
