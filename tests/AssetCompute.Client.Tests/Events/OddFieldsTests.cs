using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Serialization;
using AssetCompute.Client.Tests.Fuzzing;
using FsCheck;
using FsCheck.Fluent;

namespace AssetCompute.Client.Tests.Events;

/// <summary>
/// Only the <c>type</c> decides the type of an event. A field that cannot be read is null or a custom field, and does not affect other fields.
/// </summary>
public sealed class OddFieldsTests
{
    private const string Failed = """
        {"type":"rendition_failed","date":"2026-11-22T10:11:12.345Z","requestId":"req-1","source":{"url":"https://a.example/x","name":"n","size":5,"mimetype":"image/png","headers":{"a":"b"}},
         "userData":{"top":1},"rendition":{"name":"r","fmt":"zip","worker":"https://w.example/","target":{"urls":["https://t.example/1"],"minPartSize":1,"maxPartSize":2},"userData":{"a":1},
         "embedBinaryLimit":1,"width":2,"height":3,"quality":4,"xmp":"eA==","interlace":true,"jpegSize":5,"dpi":{"xdpi":6,"ydpi":7},"convertToDpi":8,"files":["https://f.example/1",{"url":"https://f.example/2","path":"p"}],
         "duplicate":"ignore","watermark":{"image":"https://i.example/","scale":0.5},"crop":{"x":1,"y":2,"w":3,"h":4}},
         "errorReason":"SourceCorrupt","errorMessage":"why","metadata":{"repo:size":1,"repo:sha1":"a","dc:format":"image/png","repo:encoding":"utf-8","tiff:imageWidth":1,"tiff:imageHeight":2}}
        """;

    private const string Embedded = """
        {"type":"rendition_created","date":"2026-11-22T10:11:12.345Z","requestId":"req-1","source":"https://a.example/x","rendition":{"name":"r","fmt":"png"},
         "metadata":{"repo:size":1,"tiff:ImageWidth":1,"tiff:ImageLength":2},"data":"data:image/png;base64,AAAA"}
        """;

    private const string Published = """
        {"specversion":"1.0","id":"id","source":"acct:aem","type":"aem.assets.asset.published","time":"2026-11-22T10:11:12.345Z","data":{"assetId":"urn:aaid:aem:1","tier":"publish",
         "repositoryMetadata":{"repo:assetId":"urn:aaid:aem:1","repo:path":"/content/dam/x.jpg","repo:name":"x.jpg","repo:repositoryId":"author","dc:format":"image/jpeg","repo:size":"5","dam:sha1":"a","tiff:imageWidth":1,"tiff:imageLength":"2"},
         "user":{"principalId":"p","imsUserId":"i","displayName":"d"},"assetMetadata":{"a":1}}}
        """;

    private const string XdmUpdated = """
        {"@id":"82235bac","@type":"xdmUpdated","xdmEventEnvelope:objectType":"xdmAsset","activitystreams:published":"2026-11-22T10:11:12.345Z","activitystreams:object":{"@type":"xdmAsset",
         "xdmAsset:asset_id":"urn:aaid:aem:1","xdmAsset:path":"/content/dam/x.jpg","xdmAsset:asset_name":"x.jpg","xdmAsset:format":"image/jpeg"},
         "activitystreams:generator":{"xdmContentRepository:root":"https://author"},"activitystreams:actor":{"xdmAemUser:id":"u"}}
        """;

    private static readonly string[] s_values =
        ["null", "5", "-1e99", "\"\"", "\"72\"", "\"J\\ud83d\"", "true", "[]", "[5]", "[\"\\udc00\"]", "{}", "{\"xdpi\":\"72\"}", "{\"\\ud83d\":1}", "{\"url\":5}", "{\"urls\":[null]}", "{\"a\":1,\"a\":2}"];

    /// <summary>Events of each form, with the fields that decide their types.</summary>
    private static readonly (string Json, Type Type, string[] Decisive)[] s_events =
    [
        (EventReaderTests.Created, typeof(RenditionCreated), ["type"]),
        (Failed, typeof(RenditionFailed), ["type"]),
        (Embedded, typeof(RenditionCreated), ["type"]),
        ($$"""{"specversion":"1.0","id":"1","source":"urn:uuid:p","type":"asset_compute","data":{{Failed}}}""", typeof(RenditionFailed), ["specversion", "data", "data.type"]),
        (Published, typeof(AemAssetPublished), ["type", "data", "data.repositoryMetadata", "data.assetId"]),
        (XdmUpdated, typeof(AemAssetUpdated), ["@type", "xdmEventEnvelope:objectType", "activitystreams:object", "activitystreams:object.xdmAsset:asset_id"]),
    ];

    /// <summary>Generates an event in which one field has a different value.</summary>
    private static Gen<(int Event, string Path, string Value)> Mutations =>
        from index in Gen.Choose(0, s_events.Length - 1)
        from path in Gen.Elements(Paths(JsonNode.Parse(s_events[index].Json)!.AsObject()).ToArray())
        from value in Gen.Elements(s_values)
        select (index, path, value);

    [Fact]
    public void Read_AnyValueInThePlaceOfAnyField_KeepsTheTypeAndTheOtherFields() => Prop.ForAll(Mutations.ToArbitrary(), mutation =>
    {
        (string json, Type type, string[] decisive) = s_events[mutation.Event];
        if (decisive.Contains(mutation.Path))
        {
            return;
        }

        JsonObject before = JsonNode.Parse(json)!.AsObject();
        AdobeEvent read = EventReader.Read(Encoding.UTF8.GetBytes(With(before, mutation.Path, mutation.Value)));

        Assert.IsType(type, read);
        Assert.Equal(Fields(EventReader.Read(Encoding.UTF8.GetBytes(json)), mutation.Path), Fields(read, mutation.Path));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(FuzzInputs.Count / 4));

    [Theory]
    [InlineData("source", "5")]
    [InlineData("source", "\"J\\ud83d\"")]
    [InlineData("source.size", "{}")]
    [InlineData("userData", "[1]")]
    [InlineData("date", "\"yesterday\"")]
    [InlineData("data", "7")]
    [InlineData("rendition", "\"not an object\"")]
    [InlineData("rendition.target", "5")]
    [InlineData("rendition.files", "[5]")]
    [InlineData("rendition.dpi", "{\"xdpi\":\"72\"}")]
    [InlineData("rendition.fmt", "\"J\\ud83d\"")]
    [InlineData("rendition.watermark", "5")]
    [InlineData("rendition.watermark", "{\"image\":\"i\",\"scale\":\"half\"}")]
    [InlineData("rendition.target", "{\"urls\":5}")]
    [InlineData("metadata", "5")]
    [InlineData("metadata.repo:size", "\"72\"")]
    public void Read_FieldThatCannotBeRead_IsACustomField(string path, string value)
    {
        JsonObject before = JsonNode.Parse(path == "data" ? Embedded : Failed)!.AsObject();

        RenditionEvent read = Assert.IsType<RenditionEvent>(EventReader.Read(Encoding.UTF8.GetBytes(With(before, path, value))), exactMatch: false);

        string[] names = path.Split('.');
        JsonObject? fields = string.Join('.', names[..^1]) switch
        {
            "" => read.CustomFields,
            "source" => read.Source!.CustomFields,
            "rendition" => read.Rendition.CustomFields,
            _ => (read as RenditionFailed)?.Metadata!.CustomFields,
        };
        JsonNode kept = fields![names[^1]]!;
        Assert.Equal(value, kept is JsonValue scalar ? scalar.GetValue<JsonElement>().GetRawText() : kept.ToJsonString());
        Assert.Equal("req-1", read.RequestId);
    }

    [Theory]
    [InlineData("2026-11-22T10:11:12.345", "2026-11-22T10:11:12.345+00:00")]
    [InlineData("2026-11-22T10:11:12", "2026-11-22T10:11:12.000+00:00")]
    [InlineData("2026-11-22T10:11", "2026-11-22T10:11:00.000+00:00")]
    [InlineData("2026-11-22", "2026-11-22T00:00:00.000+00:00")]
    [InlineData("2026-11-22T10:11:12Z", "2026-11-22T10:11:12.000+00:00")]
    [InlineData("2026-11-22T10:11:12+05:30", "2026-11-22T10:11:12.000+05:30")]
    [InlineData("2026-11-22T10:11:12+0530", "2026-11-22T10:11:12.000+05:30")]
    [InlineData("2026-11-22T10:11:12.5-0800", "2026-11-22T10:11:12.500-08:00")]
    [InlineData("2026-11-22T10:11:12.345678912Z", "2026-11-22T10:11:12.345+00:00")]
    [InlineData("2026-11-22 10:11:12Z", null)]
    [InlineData("yesterday", null)]
    [InlineData("", null)]
    public void Read_DateInAnyForm_IsTheSameWhereverTheMachineStands(string text, string? expected)
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Read($$"""{"type":"rendition_created","date":"{{text}}"}"""));
        AemAssetDeleted deleted = Assert.IsType<AemAssetDeleted>(Read($$$"""{"specversion":"1.0","type":"aem.assets.asset.deleted","time":"{{{text}}}","data":{"assetId":"a"}}"""));

        foreach (DateTimeOffset? date in (DateTimeOffset?[])[created.Date, deleted.Date])
        {
            Assert.Equal(expected, date?.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static AdobeEvent Read(string json) => EventReader.Read(Encoding.UTF8.GetBytes(json));

    /// <summary>The paths of all fields.</summary>
    private static IEnumerable<string> Paths(JsonObject json, string prefix = "") => json.SelectMany(field =>
        field.Value is JsonObject inner ? [prefix + field.Key, .. Paths(inner, prefix + field.Key + ".")] : (IEnumerable<string>)[prefix + field.Key]);

    private static string With(JsonObject json, string path, string value)
    {
        JsonObject parent = json;
        string[] names = path.Split('.', path.StartsWith("rendition", StringComparison.Ordinal) ? 3 : path.Split('.').Length);
        foreach (string name in names[..^1])
        {
            parent = parent[name]!.AsObject();
        }

        parent[names[^1]] = "@value";
        return json.ToJsonString().Replace("\"@value\"", value, StringComparison.Ordinal);
    }

    /// <summary>The values of the fields that did not change.</summary>
    private static string Fields(AdobeEvent read, string path)
    {
        string changed = path.StartsWith("data.", StringComparison.Ordinal) && read is RenditionEvent ? path["data.".Length..] : path;
        string top = changed.Split('.')[0];
        return string.Join('\n', read switch
        {
            RenditionEvent rendition => new (string Name, object? Value)[]
            {
                ("date", rendition.Date),
                ("requestId", rendition.RequestId),
                ("source", rendition.Source?.Url),
                ("userData", top == "userData" ? null : rendition.UserData?.Count),
                ("rendition", $"{rendition.Rendition.Name} {rendition.Rendition.Format} {rendition.Rendition.Width} {rendition.Rendition.Crop}"),
                ("metadata", (rendition as RenditionCreated)?.Metadata.ToString() ?? (rendition as RenditionFailed)?.Metadata?.ToString()),
                ("data", (rendition as RenditionCreated)?.Data?.DataUri),
                ("errorReason", (rendition as RenditionFailed)?.Reason),
                ("errorMessage", (rendition as RenditionFailed)?.Message),
            }.Where(field => field.Name != top).Select(field => $"{field.Name}: {field.Value}"),
            AemAssetEvent asset => new (string Name, object? Value)[]
            {
                ("id", asset.Id),
                ("source", asset.Source),
                ("time", asset.Date is null),
                ("assetId", asset.AssetId),
                ("name", asset.Name),
                ("repository", asset.Repository),
                ("mimeType", asset.MimeType),
            }.Where(field => !IsOf(field.Name, changed)).Select(field => $"{field.Name}: {field.Value}"),
            _ => [],
        });
    }

    private static bool IsOf(string property, string path) => property switch
    {
        "id" => path is "id" or "@id",
        "source" => path == "source",
        "time" => path is "time" or "activitystreams:published",
        "assetId" => path.EndsWith("ssetId", StringComparison.Ordinal),
        "name" => path.EndsWith("name", StringComparison.Ordinal),
        "repository" => path.EndsWith("repositoryId", StringComparison.Ordinal) || path.StartsWith("activitystreams:generator", StringComparison.Ordinal),
        _ => path.EndsWith("format", StringComparison.Ordinal),
    };
}
