using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Tests.Events;

public class EventReaderTests
{
    /// <summary>An event as Adobe's open-source worker writes it.</summary>
    internal const string Created = """
        {"type":"rendition_created","date":"2026-11-22T10:11:12.345Z","requestId":"req-1","source":"https://a.example/x.jpg?sig=1",
         "userData":{"top":1},"rendition":{"name":"r.png","fmt":"png","width":48,"userData":{"mine":true},"zoom":2},
         "metadata":{"repo:size":4711,"repo:sha1":"0a1b","dc:format":"image/png","tiff:imageWidth":48,"tiff:imageHeight":36,"x:new":"y"},
         "activationIds":["abc"]}
        """;

    [Fact]
    public void Parse_CreatedAsTheWorkerWritesIt_ReadsEveryField()
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Parse(Created));

        Assert.Equal("rendition_created", created.Type);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 11, 12, 345, TimeSpan.Zero), created.Date);
        Assert.Equal("req-1", created.RequestId);
        Assert.Equal("https://a.example/x.jpg?sig=1", created.Source!.Url);
        Assert.Equal(1, (int)created.UserData!["top"]!);
        Assert.Equal("r.png", created.Rendition.Name);
        Assert.Equal(RenditionFormat.Png, created.Rendition.Format);
        Assert.True((bool)created.Rendition.UserData!["mine"]!);
        Assert.Equal(4711, created.Metadata.Size);
        Assert.Equal("0a1b", created.Metadata.Sha1);
        Assert.Equal("image/png", created.Metadata.Format);
        Assert.Equal(48, created.Metadata.ImageWidth);
        Assert.Equal(36, created.Metadata.ImageHeight);
    }

    [Fact]
    public void Parse_UnknownFields_SurviveEverywhere()
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Parse(Created));

        Assert.Equal("abc", (string?)created.CustomFields!["activationIds"]![0]);
        Assert.Equal("y", (string?)created.Metadata.CustomFields!["x:new"]);
        Assert.Equal(2, (int)created.Rendition.CustomFields!["zoom"]!);
    }

    [Fact]
    public void Parse_CreatedAsTheApiPageWritesIt_ReadsPixelsAndSourceObject()
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Parse("""
            {"type":"rendition_created","requestId":"r","source":{"url":"https://a.example/x","name":"x.jpg"},
             "metadata":{"tiff:ImageWidth":10,"tiff:ImageLength":20,"repo:encoding":"utf-8"}}
            """));

        Assert.Equal(10, created.Metadata.ImageWidth);
        Assert.Equal(20, created.Metadata.ImageHeight);
        Assert.Equal("utf-8", created.Metadata.Encoding);
        Assert.Equal("x.jpg", created.Source!.Name);
        Assert.Null(created.Date);
    }

    [Theory]
    [InlineData("GenericError")]
    [InlineData("SourceFormatUnsupported")]
    [InlineData("RenditionFormatUnsupported")]
    [InlineData("SourceUnsupported")]
    [InlineData("SourceCorrupt")]
    [InlineData("RenditionTooLarge")]
    [InlineData("SomethingOfTomorrow")]
    public void Parse_Failed_KeepsAnyReason(string reason)
    {
        RenditionFailed failed = Assert.IsType<RenditionFailed>(Parse($$"""
            {"type":"rendition_failed","requestId":"r","rendition":{"fmt":"png"},"errorReason":"{{reason}}","errorMessage":"why","duration":12.5}
            """));

        Assert.Equal(reason, failed.Reason.Value);
        Assert.Equal(new RenditionFailureReason(reason), failed.Reason);
        Assert.Equal("why", failed.Message);
        Assert.Equal(12.5, (double)failed.CustomFields!["duration"]!);
    }

    [Fact]
    public void Parse_ErrorMessageThatIsNoString_IsKeptAsText()
    {
        RenditionFailed failed = Assert.IsType<RenditionFailed>(Parse("""{"type":"rendition_failed","errorMessage":{"code":7}}"""));

        Assert.Equal("""{"code":7}""", failed.Message);
    }

    [Fact]
    public void ToString_MessageThatQuotesASignedUrl_ShowsNoSignature()
    {
        RenditionFailed failed = new() { Message = "PUT https://a.example/x?sig=SECRET failed" };

        Assert.DoesNotContain("SECRET", failed.ToString(), StringComparison.Ordinal);
        Assert.Contains("https://a.example/x", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EmbeddedData_GivesTheBytes()
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Parse(
            """{"type":"rendition_created","data":"data:text/plain;charset=utf-8;base64,aGVsbG8gd29ybGQ="}"""));

        Assert.Equal("text/plain;charset=utf-8", created.Data!.MimeType);
        Assert.Equal("hello world", Encoding.UTF8.GetString(created.Data.ToArray()));
    }

    [Theory]
    [InlineData("""{"type":"com.example.tomorrow","payload":{"a":1}}""", "com.example.tomorrow")]
    [InlineData("""{"@type":"xdmCreated","@id":"x"}""", "xdmCreated")]
    [InlineData("""{"payload":1}""", "")]
    [InlineData("""[1,2]""", "")]
    [InlineData(""" "text" """, "")]
    public void Parse_WhatHasNoType_IsHandedOnWithAllItsJson(string json, string type)
    {
        UnknownEvent unknown = Assert.IsType<UnknownEvent>(Parse(json));

        Assert.Equal(type, unknown.Type);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(unknown.Json.GetRawText())));
    }

    [Fact]
    public void Parse_NothingAtAll_IsUnknown() => Assert.Equal("", Assert.IsType<UnknownEvent>(Parse("")).Type);

    [Fact]
    public void Parse_DeeplyNested_IsHandedOn()
    {
        string json = $$"""{"type":"deep","a":{{new string('[', 100)}}{{new string(']', 100)}}}""";

        Assert.Equal("deep", Assert.IsType<UnknownEvent>(Parse(json)).Type);
    }

    [Theory]
    [InlineData(254, JsonValueKind.Object)]
    [InlineData(256, JsonValueKind.Undefined)]
    [InlineData(524_288, JsonValueKind.Undefined)]
    public void Parse_NestedAsDeepAsCanBeReadOrDeeper_IsUnknown(int depth, JsonValueKind kind) =>
        Assert.Equal(kind, Assert.IsType<UnknownEvent>(Parse($$"""{"type":"deep","a":{{new string('[', depth)}}{{new string(']', depth)}}}""")).Json.ValueKind);

    [Fact]
    public void ToString_FieldThatIsNoText_IsNotShownAndEndsNothing()
    {
        AdobeEvent created = EventReader.Read("""{"type":"rendition_created","requestId":"r","rendition":{"crop":{"w":1,"h":2,"x":"\ud800"}},"metadata":{"repo:size":7,"dc:format":"im\udc00age/png","other":1}}"""u8.ToArray());

        string text = created.ToString();

        Assert.Contains("RenditionMetadata { Size = 7, Sha1 = , Format = , Encoding = , ImageWidth = , ImageHeight =  }", text, StringComparison.Ordinal);
        Assert.DoesNotContain("other", text, StringComparison.Ordinal);
        Assert.Null(Assert.IsType<RenditionCreated>(created).Rendition.Crop);
    }

    [Fact]
    public void Parse_MessageThatIsCutInTheMiddleOfACharacter_IsKept()
    {
        RenditionFailed failed = Assert.IsType<RenditionFailed>(Parse("""{"type":"rendition_failed","errorReason":"GenericError","errorMessage":"cut \ud83d"}"""));

        Assert.Equal(RenditionFailureReason.GenericError, failed.Reason);
        Assert.Contains("cut", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_KnownFieldOfAnUnexpectedKind_IsKeptAndHarmsNothing()
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Parse("""
            {"type":"rendition_created","date":12,"requestId":"r","data":7,"metadata":{"repo:size":"big","repo:sha1":5,"tiff:imageWidth":3}}
            """));

        Assert.Equal("r", created.RequestId);
        Assert.Equal(3, created.Metadata.ImageWidth);
        Assert.Null(created.Metadata.Size);
        Assert.Equal("big", (string?)created.Metadata.CustomFields!["repo:size"]);
        Assert.Equal(12, (int)created.CustomFields!["date"]!);
    }

    [Theory]
    [InlineData("\"not an object\"")]
    [InlineData("5")]
    [InlineData("[]")]
    public void Parse_RenditionOrSourceThatIsNoObject_IsKept(string value)
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Parse($$"""{"type":"rendition_created","requestId":"r","rendition":{{value}},"userData":{{value}} }"""));

        Assert.Equal(value, created.CustomFields!["rendition"]!.ToJsonString());
        Assert.Equal(value, created.CustomFields!["userData"]!.ToJsonString());
        Assert.Null(created.Rendition.Name);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("\"https://a.example/J\\ud83d\"")]
    public void Parse_SourceThatCannotBeRead_IsKept(string value)
    {
        RenditionFailed failed = Assert.IsType<RenditionFailed>(Parse($$"""{"type":"rendition_failed","requestId":"r","source":{{value}},"errorReason":"GenericError"}"""));

        Assert.Null(failed.Source);
        Assert.True(failed.CustomFields!.ContainsKey("source"));
        Assert.Equal(RenditionFailureReason.GenericError, failed.Reason);
    }

    [Theory]
    [InlineData("rendition_created")]
    [InlineData("asset_compute")]
    public void Parse_CreatedInACloudEvent_IsReadFromItsData(string type)
    {
        RenditionCreated created = Assert.IsType<RenditionCreated>(Parse($$"""
            {"specversion":"1.0","id":"1","source":"urn:uuid:p","type":"{{type}}","time":"2026-11-22T10:11:13Z","data":{{Created}}}
            """));

        Assert.Equal("rendition_created", created.Type);
        Assert.Equal("req-1", created.RequestId);
        Assert.Equal("https://a.example/x.jpg?sig=1", created.Source!.Url);
        Assert.Equal(4711, created.Metadata.Size);
    }

    [Fact]
    public void Parse_FailedInACloudEventThatAloneNamesTheType_IsReadFromItsData()
    {
        byte[] json = Encoding.UTF8.GetBytes("""{"data":{"requestId":"r","errorReason":"SourceCorrupt"},"type":"rendition_failed","specversion":"1.0","source":"urn:uuid:p"}""");

        Assert.Equal("SourceCorrupt", Assert.IsType<RenditionFailed>(EventReader.Read(json)).Reason.Value);
        Assert.Equal("r", Assert.IsType<RenditionFailed>(EventReader.Read(json)).RequestId);
    }

    [Theory]
    [InlineData("""{"type":"x","data":{"type":"rendition_created","requestId":"r"}}""")]
    [InlineData("""{"specversion":"1.0","type":"x","data":{"type":"y","requestId":"r"}}""")]
    [InlineData("""{"specversion":"1.0","type":"x","data":"rendition_created"}""")]
    public void Parse_DataOfSomethingElse_StaysUnknown(string json) => Assert.IsType<UnknownEvent>(Parse(json));

    private static AdobeEvent Parse(string json) => EventReader.Read(Encoding.UTF8.GetBytes(json));
}
