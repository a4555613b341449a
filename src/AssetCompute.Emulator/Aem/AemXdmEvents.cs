using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Asset events in the format of the event add-on of older AEM versions: XDM in activity streams.</summary>
internal sealed class AemXdmEvents(Func<Uri> author)
{
    public static string CodeOf(AemEvent @event) => @event.Kind switch
    {
        AemEventKind.Published => "asset_published",
        AemEventKind.Deleted => "asset_deleted",
        _ => @event.IsNew ? "asset_created" : "asset_updated",
    };

    public JsonObject Create(AemEvent @event, string organizationId) => new()
    {
        ["@id"] = $"urn:oeid:aem:{@event.Id:D}",
        ["@type"] = TypeOf(@event),
        ["xdmEventEnvelope:objectType"] = "xdmAsset",
        ["activitystreams:published"] = @event.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["activitystreams:to"] = new JsonObject { ["@type"] = "xdmImsOrg", ["xdmImsOrg:id"] = organizationId },
        ["activitystreams:generator"] = new JsonObject { ["@type"] = "xdmContentRepository", ["xdmContentRepository:root"] = author().AbsoluteUri },
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

    private static string TypeOf(AemEvent @event) => @event.Kind switch
    {
        AemEventKind.Published => "xdmPublished",
        AemEventKind.Deleted => "xdmDeleted",
        _ => @event.IsNew ? "xdmCreated" : "xdmUpdated",
    };

    private static JsonObject ObjectOf(AemEvent @event)
    {
        var asset = @event.Asset;
        var @object = new JsonObject { ["@type"] = "xdmAsset", ["xdmAsset:asset_id"] = asset.Id };
        if (@event.Kind != AemEventKind.Deleted)
        {
            @object["xdmAsset:asset_name"] = asset.Name;
            @object["xdmAsset:etag"] = asset.Sha1;
            @object["xdmAsset:path"] = asset.Path;
            @object["xdmAsset:format"] = asset.ContentType;
        }

        return @object;
    }
}
