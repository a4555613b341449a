using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>An asset as JSON: a line of the state's log, and what the control endpoints answer.</summary>
internal static class AemAssetRecord
{
    public static JsonObject Of(AemAsset asset)
    {
        var record = new JsonObject
        {
            ["path"] = asset.Path,
            ["id"] = asset.Id,
            ["contentType"] = asset.ContentType,
            ["size"] = asset.Size,
            ["sha1"] = asset.Sha1,
            ["version"] = asset.Version,
            ["metadata"] = AemMetadata.ToJson(asset.Metadata),
            ["createdAt"] = Text(asset.CreatedAt),
            ["modifiedAt"] = Text(asset.ModifiedAt),
        };
        if (asset is { PublishedAt: { } publishedAt, PublishedVersion: { } publishedVersion })
        {
            record["publishedAt"] = Text(publishedAt);
            record["publishedVersion"] = publishedVersion;
        }

        switch (asset.Content)
        {
            case AemBlobContent blob:
                record["blob"] = blob.Name;
                break;
            case AemGeneratedContent generated:
                record["seed"] = generated.Seed;
                break;
        }

        return record;
    }

    public static AemAsset Read(JsonObject record, IBlobStore blobs)
    {
        var size = record["size"]!.GetValue<long>();
        return new AemAsset
        {
            Path = record["path"]!.GetValue<string>(),
            Id = record["id"]!.GetValue<string>(),
            ContentType = record["contentType"]!.GetValue<string>(),
            Size = size,
            Sha1 = record["sha1"]!.GetValue<string>(),
            Version = record["version"]!.GetValue<int>(),
            Metadata = AemMetadata.Merge(null, record["metadata"]!.AsObject()),
            CreatedAt = Time(record["createdAt"])!.Value,
            ModifiedAt = Time(record["modifiedAt"])!.Value,
            PublishedAt = Time(record["publishedAt"]),
            PublishedVersion = record["publishedVersion"]?.GetValue<int>(),
            Content = record["blob"].StringOf() is { } blob ? new AemBlobContent(blobs, blob) : new AemGeneratedContent(size, record["seed"]!.GetValue<int>()),
        };
    }

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonNode? node) =>
        node.StringOf() is { } text ? DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture) : null;
}
