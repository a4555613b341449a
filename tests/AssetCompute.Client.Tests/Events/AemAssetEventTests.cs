using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Tests.Events;

public class AemAssetEventTests
{
    private const string MetadataUpdated = """
        {"specversion":"1.0","id":"e-1","source":"acct:aem-p1-e2@adobe.com","type":"aem.assets.asset.metadata_updated","datacontenttype":"application/json","time":"2026-11-22T10:11:12.5Z",
         "eventid":"x-1","recipientclientid":"me",
         "data":{"assetId":"urn:aaid:aem:1","user":{"imsUserId":"i@adobe","principalId":"p","displayName":"Ann Example"},"tomorrow":1,
           "repositoryMetadata":{"repo:repositoryId":"author-p1-e2.adobeaemcloud.com","repo:assetId":"urn:aaid:aem:1","repo:name":"red.jpg","repo:path":"/content/dam/cars/red.jpg",
             "repo:size":"4711","repo:version":"3","dc:format":"image/jpeg","dam:sha1":"0a1b","tiff:imageWidth":"48","tiff:imageLength":36},
           "assetMetadata":{"my:color":"red","event:updated":{"my:color":"blue"}}}}
        """;

    private const string XdmPublished = """
        {"@id":"82235bac","@type":"xdmPublished","xdmEventEnvelope:objectType":"xdmAsset","activitystreams:published":"2026-11-22T10:11:12Z",
         "activitystreams:to":{"@type":"xdmImsOrg","xdmImsOrg:id":"O@AdobeOrg"},
         "activitystreams:generator":{"@type":"xdmContentRepository","xdmContentRepository:root":"https://author.example/"},
         "activitystreams:actor":{"@type":"xdmAemUser","xdmAemUser:id":"admin"},
         "activitystreams:object":{"@type":"xdmAsset","xdmAsset:asset_id":"urn:aaid:aem:2","xdmAsset:asset_name":"blue.png","xdmAsset:etag":"e","xdmAsset:path":"/content/dam/blue.png","xdmAsset:format":"image/png"},
         "@context":{}}
        """;

    [Fact]
    public void Parse_CloudServiceEvent_ReadsEveryField()
    {
        AemAssetMetadataUpdated updated = Assert.IsType<AemAssetMetadataUpdated>(Parse(MetadataUpdated));

        Assert.Equal("aem.assets.asset.metadata_updated", updated.Type);
        Assert.Equal("e-1", updated.Id);
        Assert.Equal("acct:aem-p1-e2@adobe.com", updated.Source);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 11, 12, 500, TimeSpan.Zero), updated.Date);
        Assert.Equal("urn:aaid:aem:1", updated.AssetId);
        Assert.Equal("/content/dam/cars/red.jpg", updated.Path);
        Assert.Equal("red.jpg", updated.Name);
        Assert.Equal("author-p1-e2.adobeaemcloud.com", updated.Repository);
        Assert.Equal("image/jpeg", updated.MimeType);
        Assert.Equal(4711, updated.Size);
        Assert.Equal("0a1b", updated.Sha1);
        Assert.Equal(48, updated.ImageWidth);
        Assert.Equal(36, updated.ImageHeight);
        Assert.Equal(new AemUser { PrincipalId = "p", ImsUserId = "i@adobe", DisplayName = "Ann Example" }, updated.User);
        Assert.Equal("blue", updated.AssetMetadata!.Value.GetProperty("event:updated").GetProperty("my:color").GetString());
        Assert.Equal(1, updated.Json.GetProperty("data").GetProperty("tomorrow").GetInt32());
    }

    [Fact]
    public void Parse_SizeAsANumber_IsReadToo()
    {
        Assert.Equal(4711, Assert.IsType<AemAssetMetadataUpdated>(Parse(MetadataUpdated.Replace("\"4711\"", "4711", StringComparison.Ordinal))).Size);
        Assert.Null(Assert.IsType<AemAssetMetadataUpdated>(Parse(MetadataUpdated.Replace("\"4711\"", "\"big\"", StringComparison.Ordinal))).Size);
        Assert.Null(Assert.IsType<AemAssetMetadataUpdated>(Parse(MetadataUpdated.Replace("\"4711\"", "[4711]", StringComparison.Ordinal))).Size);
    }

    [Fact]
    public void Parse_OlderForm_ReadsEveryField()
    {
        AemAssetPublished published = Assert.IsType<AemAssetPublished>(Parse(XdmPublished));

        Assert.Equal("xdmPublished", published.Type);
        Assert.Equal("82235bac", published.Id);
        Assert.Null(published.Source);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 11, 12, TimeSpan.Zero), published.Date);
        Assert.Equal("urn:aaid:aem:2", published.AssetId);
        Assert.Equal("/content/dam/blue.png", published.Path);
        Assert.Equal("blue.png", published.Name);
        Assert.Equal("https://author.example/", published.Repository);
        Assert.Equal("image/png", published.MimeType);
        Assert.Equal("admin", published.User!.PrincipalId);
        Assert.Null(published.Size);
        Assert.Null(published.Tier);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(XdmPublished), JsonNode.Parse(published.Json.GetRawText())));
    }

    [Fact]
    public void Parse_OlderFormInsideACloudEvent_IsTheSame()
    {
        AemAssetPublished published = Assert.IsType<AemAssetPublished>(Parse(
            $$"""{"specversion":"1.0","id":"e-2","source":"urn:uuid:provider","type":"asset_published","time":"2026-11-22T12:00:00Z","data":{{XdmPublished}}}"""));

        Assert.Equal("asset_published", published.Type);
        Assert.Equal("e-2", published.Id);
        Assert.Equal("urn:uuid:provider", published.Source);
        Assert.Equal(12, published.Date!.Value.Hour);
        Assert.Equal("/content/dam/blue.png", published.Path);
    }

    [Theory]
    [InlineData("xdmPublished", typeof(AemAssetPublished))]
    [InlineData("xdmCreated", typeof(AemAssetCreated))]
    [InlineData("xdmUpdated", typeof(AemAssetUpdated))]
    [InlineData("xdmDeleted", typeof(AemAssetDeleted))]
    public void Parse_KindOfTheOlderForm_HasItsOwnType(string kind, Type expected) =>
        Assert.IsType(expected, Parse(XdmPublished.Replace("xdmPublished", kind, StringComparison.Ordinal)));

    [Theory]
    [InlineData("aem.assets.asset.published", typeof(AemAssetPublished))]
    [InlineData("aem.assets.asset.metadata_updated", typeof(AemAssetMetadataUpdated))]
    [InlineData("aem.assets.asset.processing_completed", typeof(AemAssetProcessingCompleted))]
    [InlineData("aem.assets.asset.deleted", typeof(AemAssetDeleted))]
    [InlineData("aem.assets.asset.created", typeof(UnknownEvent))]
    [InlineData("aem.assets.asset.unpublished", typeof(UnknownEvent))]
    [InlineData("aem.assets.folder.deleted", typeof(UnknownEvent))]
    public void Parse_KindOfTheCloudService_HasItsOwnType(string type, Type expected) =>
        Assert.IsType(expected, Parse($$"""{"type":"{{type}}","data":{"assetId":"urn:1","tier":"publish"} }"""));

    [Fact]
    public void Parse_Published_HasItsTier() =>
        Assert.Equal("publish", Assert.IsType<AemAssetPublished>(Parse("""{"type":"aem.assets.asset.published","data":{"assetId":"urn:1","tier":"publish"}}""")).Tier);

    [Fact]
    public void Parse_Deleted_KnowsTheIdOnly()
    {
        AemAssetDeleted deleted = Assert.IsType<AemAssetDeleted>(Parse(
            """{"@id":"1","@type":"xdmDeleted","xdmEventEnvelope:objectType":"xdmAsset","activitystreams:object":{"@type":"xdmAsset","xdmAsset:asset_id":"urn:aaid:aem:3"}}"""));

        Assert.Equal("urn:aaid:aem:3", deleted.AssetId);
        Assert.Null(deleted.Path);
    }

    [Theory]
    [InlineData("""{"type":"aem.assets.asset.published"}""")]
    [InlineData("""{"type":"aem.assets.asset.published","data":"text"}""")]
    [InlineData("""{"type":"aem.assets.asset.published","data":{"assetId":7}}""")]
    [InlineData("""{"type":"aem.assets.asset.published","data":{"assetId":"\ud800"}}""")]
    [InlineData("""{"@type":"xdmCreated","xdmEventEnvelope:objectType":"xdmComponentizedPage","activitystreams:object":{"@type":"xdmAsset","xdmAsset:path":"/a"}}""")]
    [InlineData("""{"@type":"xdmCreated","activitystreams:object":{"@type":"xdmComponentizedPage","xdmComponentizedPage:path":"/a"}}""")]
    [InlineData("""{"@type":"xdmCreated","xdmEventEnvelope:objectType":"xdmAsset","activitystreams:object":[]}""")]
    [InlineData("""{"@type":"xdmMoved","xdmEventEnvelope:objectType":"xdmAsset","activitystreams:object":{"@type":"xdmAsset","xdmAsset:path":"/a"}}""")]
    public void Parse_WhatIsNotAsPromised_IsHandedOnWithAllItsJson(string json)
    {
        UnknownEvent unknown = Assert.IsType<UnknownEvent>(Parse(json));

        Assert.Equal(json, unknown.Json.GetRawText());
        Assert.NotEqual("", unknown.Type);
    }

    [Fact]
    public void ToString_OfAnEvent_NamesNoPerson()
    {
        AemAssetEvent updated = Assert.IsType<AemAssetMetadataUpdated>(Parse(MetadataUpdated));

        Assert.DoesNotContain("Ann", updated.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Ann", updated.User!.ToString(), StringComparison.Ordinal);
        Assert.Contains("/content/dam/cars/red.jpg", updated.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("N/A")]
    [InlineData("n/a")]
    [InlineData(" N/A ")]
    [InlineData("null")]
    [InlineData("undefined")]
    [InlineData("none")]
    [InlineData("unknown")]
    [InlineData("-")]
    [InlineData("  ")]
    public void Parse_TextThatSaysNone_IsNull(string none)
    {
        string json = XdmPublished
            .Replace("\"urn:aaid:aem:2\"", $"\"{none}\"", StringComparison.Ordinal)
            .Replace("\"admin\"", $"\"{none}\"", StringComparison.Ordinal)
            .Replace("\"blue.png\"", $"\"{none}\"", StringComparison.Ordinal)
            .Replace("\"image/png\"", $"\"{none}\"", StringComparison.Ordinal)
            .Replace("\"https://author.example/\"", $"\"{none}\"", StringComparison.Ordinal);

        AemAssetPublished published = Assert.IsType<AemAssetPublished>(Parse(json));

        Assert.Null(published.AssetId);
        Assert.Null(published.User);
        Assert.Null(published.Name);
        Assert.Null(published.MimeType);
        Assert.Null(published.Repository);
        Assert.Equal("/content/dam/blue.png", published.Path);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(published.Json.GetRawText())));
    }

    [Fact]
    public void Parse_TextThatSaysNoneInACloudServiceEvent_IsNull()
    {
        string json = MetadataUpdated
            .Replace("\"urn:aaid:aem:1\"", "\"N/A\"", StringComparison.Ordinal)
            .Replace("\"i@adobe\"", "\"N/A\"", StringComparison.Ordinal)
            .Replace("\"p\"", "\"N/A\"", StringComparison.Ordinal)
            .Replace("\"Ann Example\"", "\"N/A\"", StringComparison.Ordinal)
            .Replace("\"0a1b\"", "\"N/A\"", StringComparison.Ordinal)
            .Replace("\"4711\"", "\"N/A\"", StringComparison.Ordinal)
            .Replace("\"48\"", "\"N/A\"", StringComparison.Ordinal);

        AemAssetMetadataUpdated updated = Assert.IsType<AemAssetMetadataUpdated>(Parse(json));

        Assert.Equal("/content/dam/cars/red.jpg", updated.Path);
        Assert.Null(updated.AssetId);
        Assert.Null(updated.User);
        Assert.Null(updated.Sha1);
        Assert.Null(updated.Size);
        Assert.Null(updated.ImageWidth);
    }

    [Fact]
    public void Parse_DeletedAssetThatNothingNames_IsUnknown()
    {
        string json = XdmPublished.Replace("urn:aaid:aem:2", "N/A", StringComparison.Ordinal).Replace("/content/dam/blue.png", "N/A", StringComparison.Ordinal)
            .Replace("xdmPublished", "xdmDeleted", StringComparison.Ordinal);

        Assert.Equal("xdmDeleted", Assert.IsType<UnknownEvent>(Parse(json)).Type);
    }

    [Theory]
    [InlineData("""{"@id":"someone","@type":"xdmAemUser"}""", "someone", null)]
    [InlineData("""{"xdmAemUser:id":"someone","@type":"xdmAemUser"}""", "someone", null)]
    [InlineData("""{"xdmAemUser:id":"someone","@id":"other"}""", "someone", null)]
    [InlineData("""{"@id":"someone"}""", "someone", null)]
    [InlineData("""{"@type":"xdmImsUser","xdmImsUser:id":"1@AdobeID"}""", null, "1@AdobeID")]
    [InlineData("""{"@type":"xdmImsUser","@id":"1@AdobeID"}""", null, "1@AdobeID")]
    public void Parse_ActorOfTheOlderForm_IsReadInEachOfItsSpellings(string actor, string? principalId, string? imsUserId)
    {
        string json = XdmPublished.Replace("""{"@type":"xdmAemUser","xdmAemUser:id":"admin"}""", actor, StringComparison.Ordinal);

        Assert.Equal(new AemUser { PrincipalId = principalId, ImsUserId = imsUserId }, Assert.IsType<AemAssetPublished>(Parse(json)).User);
    }

    [Fact]
    public void Parse_FieldsOfTheOlderForm_AreReadInTheirOtherSpelling()
    {
        string json = XdmPublished.Replace("xdmAsset:asset_id", "@id", StringComparison.Ordinal).Replace("xdmContentRepository:root", "@id", StringComparison.Ordinal);

        AemAssetPublished published = Assert.IsType<AemAssetPublished>(Parse(json));

        Assert.Equal("urn:aaid:aem:2", published.AssetId);
        Assert.Equal("https://author.example/", published.Repository);
        Assert.Equal("82235bac", published.Id);
    }

    [Theory]
    [InlineData("https://author.example/", "https://cc-api-storage.adobe.io/")]
    [InlineData("https://author.example/", "https://cc-api-storage-stage.adobe.io")]
    [InlineData("urn:aaid:aem:2", "urn:aaid:sc:eu:2")]
    public void Parse_EventOfCreativeCloud_IsUnknownWithItsData(string aem, string creativeCloud)
    {
        string json = XdmPublished.Replace(aem, creativeCloud, StringComparison.Ordinal);

        UnknownEvent unknown = Assert.IsType<UnknownEvent>(Parse(json));

        Assert.Equal("xdmPublished", unknown.Type);
        Assert.Equal("xdmAsset", unknown.Json.GetProperty("activitystreams:object").GetProperty("@type").GetString());
    }

    [Theory]
    [InlineData("""{"@type":"xdmImsOrg","xdmImsOrg:id":"O@AdobeOrg"}""")]
    [InlineData("""{"@type":"xdmAemUser","xdmAemUser:id":"admin"}""")]
    public void Parse_EventOfAPersonWhoseAssetIsNotAems_IsUnknown(string part)
    {
        string json = XdmPublished.Replace(part, """{"@type":"xdmImsUser","xdmImsUser:id":"1@AdobeID"}""", StringComparison.Ordinal)
            .Replace("\"xdmAsset:asset_id\":\"urn:aaid:aem:2\",", "", StringComparison.Ordinal);

        Assert.IsType<UnknownEvent>(Parse(json));
    }

    [Fact]
    public void Parse_EventOfCreativeCloudInACloudEvent_IsUnknown()
    {
        string json = $$"""{"specversion":"1.0","id":"1","source":"urn:uuid:1","type":"asset_created","data":{{XdmPublished.Replace("https://author.example/", "https://cc-api-storage.adobe.io/", StringComparison.Ordinal)}}}""";

        Assert.IsType<UnknownEvent>(Parse(json));
    }

    [Fact]
    public void Parse_TimeInNanoseconds_IsRead() =>
        Assert.Equal(
            new DateTimeOffset(2026, 11, 22, 10, 11, 12, TimeSpan.Zero).AddTicks(1234567),
            Assert.IsType<AemAssetMetadataUpdated>(Parse(MetadataUpdated.Replace("12.5Z", "12.123456789Z", StringComparison.Ordinal))).Date);

    [Fact]
    public void Event_OfAJournalEntry_IsTheSame() =>
        Assert.IsType<AemAssetMetadataUpdated>(new JournalEntry(default, Encoding.UTF8.GetBytes(MetadataUpdated)).Event);

    private static AdobeEvent Parse(string json) => EventReader.Read(Encoding.UTF8.GetBytes(json));
}
