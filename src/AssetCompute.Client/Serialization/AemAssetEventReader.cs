using System.Globalization;
using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>
/// Reads events of AEM assets in both forms. A field that cannot be read is null, and is still in the JSON of the event.
/// </summary>
internal static class AemAssetEventReader
{
    private const string ImsUser = "xdmImsUser";

    private static readonly HashSet<string> s_none = new(["N/A", "null", "undefined", "none", "unknown", "-"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the typed event if it is about an identifiable asset; otherwise the event unchanged.</summary>
    public static AdobeEvent Typed(UnknownEvent raw)
    {
        if (raw.Json.ValueKind != JsonValueKind.Object)
        {
            return raw;
        }

        JsonElement data = Object(raw.Json, "data"u8) ?? default;
        AemAssetEvent? typed = OfCloudService(raw.Type, data) ?? OfXdm(raw.Json) ?? OfXdm(data);
        if (typed is null || (typed.AssetId is null && typed.Path is null))
        {
            return raw;
        }

        return typed with
        {
            Type = raw.Type,
            Id = Text(raw.Json, "id"u8) ?? Text(raw.Json, "@id"u8),
            Source = Text(raw.Json, "source"u8),
            Date = Date(raw.Json, "time"u8) ?? typed.Date,
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

        JsonElement repository = Object(data, "repositoryMetadata"u8) ?? default;
        JsonElement user = Object(data, "user"u8) ?? default;
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
            AssetMetadata = Object(data, "assetMetadata"u8),
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
        JsonElement asset = Object(xdm, "activitystreams:object"u8) ?? default;
        if (kind is null || (Text(xdm, "xdmEventEnvelope:objectType"u8) ?? Text(asset, "@type"u8)) != "xdmAsset")
        {
            return null;
        }

        JsonElement actor = Object(xdm, "activitystreams:actor"u8) ?? default;
        JsonElement generator = Object(xdm, "activitystreams:generator"u8) ?? default;
        string? root = Text(generator, "xdmContentRepository:root"u8) ?? Text(generator, "@id"u8);
        string? id = Text(asset, "xdmAsset:asset_id"u8) ?? Text(asset, "@id"u8);
        if (IsCreativeCloud(xdm, actor, root, id))
        {
            return null;
        }

        return kind with
        {
            Date = Date(xdm, "activitystreams:published"u8),
            AssetId = id,
            Path = Text(asset, "xdmAsset:path"u8),
            Name = Text(asset, "xdmAsset:asset_name"u8),
            Repository = root,
            MimeType = Text(asset, "xdmAsset:format"u8),
            User = UserOf(actor),
        };
    }

    /// <summary>Whether the event comes from the storage of Creative Cloud, which writes the form of AEM for people instead of an organization.</summary>
    private static bool IsCreativeCloud(JsonElement xdm, JsonElement actor, string? root, string? id)
    {
        if (id?.StartsWith("urn:aaid:sc:", StringComparison.Ordinal) == true || root?.StartsWith("https://cc-api-storage", StringComparison.OrdinalIgnoreCase) == true)
        {
            return true;
        }

        bool isOfPerson = Text(actor, "@type"u8) == ImsUser || Text(Object(xdm, "activitystreams:to"u8) ?? default, "@type"u8) == ImsUser;
        return isOfPerson && id?.StartsWith("urn:aaid:aem:", StringComparison.Ordinal) != true;
    }

    private static AemUser? UserOf(JsonElement actor)
    {
        string? id = Text(actor, "@id"u8);
        return OrNull(Text(actor, "@type"u8) == ImsUser
            ? new AemUser { ImsUserId = Text(actor, "xdmImsUser:id"u8) ?? id }
            : new AemUser { PrincipalId = Text(actor, "xdmAemUser:id"u8) ?? id });
    }

    private static AemUser? OrNull(AemUser user) => user == new AemUser() ? null : user;

    private static JsonElement? Object(JsonElement json, ReadOnlySpan<byte> name) => json.Value(name, JsonValueKind.Object);

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
