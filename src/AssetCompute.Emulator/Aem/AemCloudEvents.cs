using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Asset events in the format of AEM as a Cloud Service: CloudEvents 1.0.</summary>
internal static class AemCloudEvents
{
    private const string Repository = "author-p1-e1.adobeaemcloud.com";
    private const string User = "emulator@techacct.adobe.com";

    public static string TypeOf(AemEventKind kind) => kind switch
    {
        AemEventKind.Published => "aem.assets.asset.published",
        AemEventKind.MetadataUpdated => "aem.assets.asset.metadata_updated",
        AemEventKind.ProcessingCompleted => "aem.assets.asset.processing_completed",
        _ => "aem.assets.asset.deleted",
    };

    public static JsonObject Create(AemEvent @event, WireSpelling spelling) => new()
    {
        ["specversion"] = "1.0",
        ["type"] = TypeOf(@event.Kind),
        ["source"] = spelling == WireSpelling.Code ? "acct:aem-p1-e1@adobe.com" : Repository,
        ["id"] = @event.Id.ToString("D"),
        ["time"] = @event.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture),
        ["datacontenttype"] = "application/json",
        ["data"] = DataOf(@event, spelling),
    };

    private static JsonObject DataOf(AemEvent @event, WireSpelling spelling) => new JsonObject
    {
        ["assetId"] = @event.Asset.Id,
        ["user"] = @event.Kind == AemEventKind.ProcessingCompleted ? null : new JsonObject { ["imsUserId"] = User, ["principalId"] = "emulator", ["displayName"] = "Emulator" },
        ["tier"] = @event.Kind == AemEventKind.Published ? "publish" : null,
        ["repositoryMetadata"] = RepositoryMetadata(@event.Asset, spelling),
        ["assetMetadata"] = AssetMetadata(@event),
    }.WithoutNulls();

    private static JsonObject RepositoryMetadata(AemAsset asset, WireSpelling spelling) => new JsonObject
    {
        ["repo:repositoryId"] = Repository,
        ["repo:assetId"] = asset.Id,
        ["repo:name"] = asset.Name,
        ["repo:path"] = asset.Path,

        // A string in recorded events, a number in the documentation.
        ["repo:size"] = spelling == WireSpelling.Code ? asset.Size.ToString(CultureInfo.InvariantCulture) : asset.Size,
        ["repo:version"] = asset.VersionName,
        ["repo:state"] = "ACTIVE",
        ["repo:assetClass"] = "file",
        ["repo:ancestors"] = new JsonArray([.. AncestorsOf(asset.Path).Select(id => JsonValue.Create(id))]),
        ["repo:createDate"] = Text(asset.CreatedAt),
        ["repo:createdBy"] = User,
        ["repo:modifyDate"] = Text(asset.ModifiedAt),
        ["repo:modifiedBy"] = User,
        ["dc:format"] = asset.ContentType,
        ["dam:sha1"] = asset.Sha1,
        ["aem:assetState"] = "processed",
        ["tiff:imageWidth"] = NumberOf(asset, "tiff:imageWidth"),
        ["tiff:imageLength"] = NumberOf(asset, "tiff:imageLength"),
    }.WithoutNulls();

    private static long? NumberOf(AemAsset asset, string name) =>
        asset.Metadata.TryGetValue(name, out var value) && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static JsonObject AssetMetadata(AemEvent @event)
    {
        var metadata = AemMetadata.ToJson(@event.Asset.Metadata);
        if (@event.OldMetadata is { } old)
        {
            // The old values of properties that changed or were removed, and the new values of added ones.
            metadata["event:updated"] = PartOf(old.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!.Value)));
            metadata["event:created"] = PartOf(@event.Asset.Metadata.Where(pair => old.TryGetValue(pair.Key, out var before) && before is null));
        }

        return metadata.WithoutNulls();
    }

    private static JsonObject? PartOf(IEnumerable<KeyValuePair<string, JsonElement>> values) => AemMetadata.ToJson(values) is { Count: > 0 } part ? part : null;

    /// <summary>The ids of the folders below the root. Folders have no ids other than those derived from their paths.</summary>
    private static IEnumerable<string> AncestorsOf(string path)
    {
        for (var slash = path.IndexOf('/', AemPath.Root.Length + 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return $"urn:aaid:aem:{new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(path[..slash])).AsSpan(0, 16)):D}";
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
