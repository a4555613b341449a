using System.Globalization;
using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>Reads events of AEM assets in both forms. A field that cannot be read is null, and is still in the JSON of the event.</summary>
internal static class AemAssetEventReader
{
    private const string ImsUser = "xdmImsUser";

    private static readonly HashSet<string> s_none = new(["N/A", "null", "undefined", "none", "unknown", "-"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the typed event if it is about an identifiable asset; otherwise the event unchanged.</summary>
    public static AdobeEvent Typed(UnknownEvent raw)
    {
        JsonElement data = raw.Json.Object("data"u8);
        AemAssetEvent? typed = OfCloudService(raw.Type, data) ?? OfXdm(raw.Json) ?? OfXdm(data);
        return typed is null or { AssetId: null, Path: null } ? raw : typed with
        {
            Type = raw.Type,
            Id = Text(raw.Json, "id"u8) ?? Text(raw.Json, "@id"u8),
            Source = Text(raw.Json, "source"u8),
            Date = DateOf(raw.Json) ?? typed.Date,
            Json = raw.Json,
        };
    }

    /// <summary>Returns the time of a CloudEvent; null if there is none.</summary>
    public static DateTimeOffset? DateOf(JsonElement json) => Date(json, "time"u8);

    /// <summary>Reads the form of AEM as a Cloud Service: a CloudEvent whose data describes the asset.</summary>
    private static AemAssetEvent? OfCloudService(string type, JsonElement data)
    {
        AemAssetEvent? kind = type switch
        {
            "aem.assets.asset.published" => new AemAssetPublished { Tier = Text(data, "tier"u8) },
            "aem.assets.asset.metadata_updated" => new AemAssetMetadataUpdated(),
            "aem.assets.asset.processing_completed" => new AemAssetProcessingCompleted(),
            "aem.assets.asset.deleted" => new AemAssetDeleted(),
            _ => null,
        };
        if (kind is null)
        {
            return null;
        }

        JsonElement repository = data.Object("repositoryMetadata"u8);
        JsonElement user = data.Object("user"u8);
        return kind with
        {
            AssetId = Text(data, "assetId"u8) ?? Text(repository, "repo:assetId"u8),
            Path = Text(repository, "repo:path"u8),
            Name = Text(repository, "repo:name"u8),
            Repository = Text(repository, "repo:repositoryId"u8),
            MimeType = Text(repository, "dc:format"u8),
            Size = Number(repository, "repo:size"u8),
            Sha1 = Text(repository, "dam:sha1"u8),
            ImageWidth = Pixels(repository, "tiff:imageWidth"u8),
            ImageHeight = Pixels(repository, "tiff:imageLength"u8) ?? Pixels(repository, "tiff:imageHeight"u8),
            User = OrNull(new AemUser { PrincipalId = Text(user, "principalId"u8), ImsUserId = Text(user, "imsUserId"u8), DisplayName = Text(user, "displayName"u8) }),
            AssetMetadata = data.Value("assetMetadata"u8, JsonValueKind.Object),
        };
    }

    /// <summary>Reads the form of the older add-on, which also sends events about pages.</summary>
    private static AemAssetEvent? OfXdm(JsonElement xdm)
    {
        AemAssetEvent? kind = Text(xdm, "@type"u8) switch
        {
            "xdmPublished" => new AemAssetPublished(),
            "xdmCreated" => new AemAssetCreated(),
            "xdmUpdated" => new AemAssetUpdated(),
            "xdmDeleted" => new AemAssetDeleted(),
            _ => null,
        };
        JsonElement asset = xdm.Object("activitystreams:object"u8);
        JsonElement actor = xdm.Object("activitystreams:actor"u8);
        JsonElement generator = xdm.Object("activitystreams:generator"u8);
        string? root = Text(generator, "xdmContentRepository:root"u8) ?? Text(generator, "@id"u8);
        string? id = Text(asset, "xdmAsset:asset_id"u8) ?? Text(asset, "@id"u8);
        bool isAsset = (Text(xdm, "xdmEventEnvelope:objectType"u8) ?? Text(asset, "@type"u8)) == "xdmAsset";
        return kind is null || !isAsset || IsCreativeCloud(xdm, actor, root, id) ? null : kind with
        {
            Date = Date(xdm, "activitystreams:published"u8),
            AssetId = id,
            Path = Text(asset, "xdmAsset:path"u8),
            Name = Text(asset, "xdmAsset:asset_name"u8),
            Repository = root,
            MimeType = Text(asset, "xdmAsset:format"u8),
            User = OrNull(Text(actor, "@type"u8) == ImsUser
                ? new AemUser { ImsUserId = Text(actor, "xdmImsUser:id"u8) ?? Text(actor, "@id"u8) }
                : new AemUser { PrincipalId = Text(actor, "xdmAemUser:id"u8) ?? Text(actor, "@id"u8) }),
        };
    }

    /// <summary>Whether the event comes from the storage of Creative Cloud, which writes the form of AEM for people instead of an organization.</summary>
    private static bool IsCreativeCloud(JsonElement xdm, JsonElement actor, string? root, string? id)
    {
        bool isOfPerson = Text(actor, "@type"u8) == ImsUser || Text(xdm.Object("activitystreams:to"u8), "@type"u8) == ImsUser;
        return id?.StartsWith("urn:aaid:sc:", StringComparison.Ordinal) == true
            || root?.StartsWith("https://cc-api-storage", StringComparison.OrdinalIgnoreCase) == true
            || (isOfPerson && id?.StartsWith("urn:aaid:aem:", StringComparison.Ordinal) != true);
    }

    private static AemUser? OrNull(AemUser user) => user == new AemUser() ? null : user;

    /// <summary>Reads a text. Ignores a placeholder for a missing value: AEM's add-on for older versions writes "N/A".</summary>
    private static string? Text(JsonElement json, ReadOnlySpan<byte> name) =>
        json.Text(name) is { } text && !string.IsNullOrWhiteSpace(text) && !s_none.Contains(text.Trim()) ? text : null;

    private static DateTimeOffset? Date(JsonElement json, ReadOnlySpan<byte> name) => Text(json, name) is { } text ? EventDate.Parse(text) : null;

    /// <summary>Reads a number: AEM sends a string, and its documentation shows a number.</summary>
    private static long? Number(JsonElement json, ReadOnlySpan<byte> name) =>
        json.Value(name, JsonValueKind.Number) is { } value ? value.TryGetInt64(out long number) ? number : null
        : long.TryParse(Text(json, name), NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed
        : null;

    private static int? Pixels(JsonElement json, ReadOnlySpan<byte> name) =>
        Number(json, name) is { } number and >= 0 and <= int.MaxValue ? (int)number : null;
}
