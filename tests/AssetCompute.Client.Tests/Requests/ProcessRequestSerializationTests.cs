using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Tests.Requests;

public class ProcessRequestSerializationTests
{
    /// <summary>The complete example of a /process request on the API page.</summary>
    private const string ApiPageExample = """
        {
            "source": "https://www.adobe.com/content/dam/acom/en/lobby/lobby-bg-bts2017-logged-out-1440x860.jpg",
            "renditions" : [{
                    "name": "image.48x48.png",
                    "target": "https://some-presigned-put-url-for-image.48x48.png",
                    "fmt": "png",
                    "width": 48,
                    "height": 48
                },{
                    "name": "image.200x200.jpg",
                    "target": "https://some-presigned-put-url-for-image.200x200.jpg",
                    "fmt": "jpg",
                    "width": 200,
                    "height": 200
                },{
                    "name": "cqdam.xmp.xml",
                    "target": "https://some-presigned-put-url-for-cqdam.xmp.xml",
                    "fmt": "xmp"
                },{
                    "name": "cqdam.text.txt",
                    "target": "https://some-presigned-put-url-for-cqdam.text.txt",
                    "fmt": "text"
            }]
        }
        """;

    [Fact]
    public void Serialize_ApiPageExampleBuiltFromModels_IsTheSameJson()
    {
        ProcessRequest request = new()
        {
            Source = new Uri("https://www.adobe.com/content/dam/acom/en/lobby/lobby-bg-bts2017-logged-out-1440x860.jpg"),
            Renditions =
            [
                new() { Name = "image.48x48.png", Target = new Uri("https://some-presigned-put-url-for-image.48x48.png"), Format = "png", Width = 48, Height = 48 },
                new() { Name = "image.200x200.jpg", Target = new Uri("https://some-presigned-put-url-for-image.200x200.jpg"), Format = RenditionFormat.Jpg, Width = 200, Height = 200 },
                new() { Name = "cqdam.xmp.xml", Target = new Uri("https://some-presigned-put-url-for-cqdam.xmp.xml"), Format = RenditionFormat.Xmp },
                new() { Name = "cqdam.text.txt", Target = new Uri("https://some-presigned-put-url-for-cqdam.text.txt"), Format = RenditionFormat.Text },
            ],
        };

        AssertSameJson(ApiPageExample, Write(request));
    }

    [Fact]
    public void RoundTrip_ApiPageExample_IsTheSameJson()
    {
        ProcessRequest request = Read(ApiPageExample);

        Assert.Equal(4, request.Renditions.Count);
        Assert.Equal(RenditionFormat.Png, request.Renditions[0].Format);
        Assert.Equal(48, request.Renditions[0].Width);
        AssertSameJson(ApiPageExample, Write(request));
    }

    [Theory]
    [InlineData("""{"source":{"url":"https://a.example/x?sig=1","name":"x.jpg","size":10234,"mimetype":"image/jpeg"},"renditions":[{"fmt":"png"}]}""")]
    [InlineData("""{"source":{"url":"https://a.example/x","headers":{"Authorization":"Bearer x"},"zone":7},"renditions":[{"fmt":"png"}]}""")]
    [InlineData("""{"renditions":[{"fmt":"zip","files":["https://a.example/1",{"url":"https://a.example/2","path":"a/b.jpg","mode":"x"}],"duplicate":"ignore"}]}""")]
    [InlineData("""{"renditions":[{"fmt":"png","target":{"urls":["https://a.example/1","https://a.example/2"],"minPartSize":10000,"maxPartSize":100000,"multipartHeaders":{"a":"b"}}}]}""")]
    [InlineData("""{"renditions":[{"fmt":"jpg","dpi":96,"convertToDpi":{"xdpi":72,"ydpi":96.5},"quality":90,"interlace":true,"jpegSize":50000,"xmp":"PHg+"}]}""")]
    [InlineData("""{"renditions":[{"fmt":"jpg","watermark":{"image":"https://a.example/w.png","scale":0.5,"tile":true},"crop":{"x":1,"y":2,"w":3,"h":4,"unit":"px"}}]}""")]
    [InlineData("""{"renditions":[{"fmt":"brand-new","worker":"https://w.example/worker","myField":{"deep":[1,2,{"x":null}]},"userData":{"id":1}}],"userData":{"a":{"b":2}},"future":[true]}""")]
    [InlineData("""{"renditions":[{"embedBinaryLimit":3276,"fmt":"text"}]}""")]
    public void RoundTrip_EveryField_IsTheSameJson(string json) => AssertSameJson(json, Write(Read(json)));

    [Fact]
    public void SerializeAndDeserialize_EveryProperty_HasItsNameOnTheWire()
    {
        const string Json = """
            {"source":{"url":"https://a.example/x","name":"x.jpg","size":7,"mimetype":"image/jpeg","headers":{"a":"b"}},
             "renditions":[{"name":"n","fmt":"jpg","worker":"https://w.example/","target":{"urls":["https://a.example/1"],"minPartSize":1,"maxPartSize":2},
               "userData":{"u":1},"embedBinaryLimit":3,"width":4,"height":5,"quality":6,"xmp":"eA==","interlace":true,"jpegSize":8,
               "dpi":9,"convertToDpi":{"xdpi":10,"ydpi":11},"files":[{"url":"https://a.example/f","path":"p"}],"duplicate":"ignore",
               "watermark":{"image":"https://a.example/w","scale":0.5},"crop":{"x":12,"y":13,"w":14,"h":15}}],
             "userData":{"v":2}}
            """;
        ProcessRequest request = new()
        {
            Source = new() { Url = "https://a.example/x", Name = "x.jpg", Size = 7, MimeType = "image/jpeg", Headers = new Dictionary<string, string> { ["a"] = "b" } },
            Renditions =
            [
                new()
                {
                    Name = "n",
                    Format = RenditionFormat.Jpg,
                    Worker = new Uri("https://w.example/"),
                    Target = new RenditionTarget(["https://a.example/1"], maxPartSize: 2, minPartSize: 1),
                    UserData = new JsonObject { ["u"] = 1 },
                    EmbedBinaryLimit = 3,
                    Width = 4,
                    Height = 5,
                    Quality = 6,
                    Xmp = "eA==",
                    Interlace = true,
                    JpegSize = 8,
                    Dpi = 9,
                    ConvertToDpi = new Dpi(10, 11),
                    Files = [new() { Url = "https://a.example/f", Path = "p" }],
                    Duplicate = "ignore",
                    Watermark = new() { Image = "https://a.example/w", Scale = 0.5 },
                    Crop = new() { X = 12, Y = 13, Width = 14, Height = 15 },
                },
            ],
            UserData = new JsonObject { ["v"] = 2 },
        };

        AssertSameJson(Json, Write(request));
        ProcessRequest read = Read(Json);
        Rendition rendition = read.Renditions[0];
        Assert.Null(read.CustomFields);
        Assert.Null(read.Source!.CustomFields);
        Assert.Null(rendition.CustomFields);
        Assert.Null(rendition.Target!.CustomFields);
        Assert.Null(rendition.Files![0].CustomFields);
        Assert.Null(rendition.Watermark!.CustomFields);
        Assert.Null(rendition.Crop!.CustomFields);
        AssertSameJson(Json, Write(read));
    }

    [Theory]
    [InlineData("mimetype")]
    [InlineData("mimeType")]
    [InlineData("type")]
    public void Deserialize_MimeTypeInAnySpelling_IsRead(string name)
    {
        ProcessRequest request = Read($$"""{"source":{"url":"https://a.example/x","{{name}}":"image/jpeg"},"renditions":[{"fmt":"png"}]}""");

        Assert.Equal("image/jpeg", request.Source!.MimeType);
    }

    [Fact]
    public void Serialize_SourceWithMimeType_UsesTheDocumentedName()
    {
        JsonNode json = Parse(Write(new() { Source = new() { Url = "https://a.example/x", MimeType = "image/jpeg" }, Renditions = [] }));

        Assert.Equal("image/jpeg", (string?)json["source"]!["mimetype"]);
    }

    [Fact]
    public void Serialize_DataUriOfMegabytes_GoesThroughWhole()
    {
        byte[] content = new byte[4 * 1024 * 1024];
        new Random(1).NextBytes(content);

        JsonNode json = Parse(Write(new() { Source = AssetSource.FromBytes(content, "image/png"), Renditions = [] }));

        string url = (string)json["source"]!;
        Assert.StartsWith("data:image/png;base64,", url, StringComparison.Ordinal);
        Assert.Equal(content, Convert.FromBase64String(url["data:image/png;base64,".Length..]));
    }

    [Fact]
    public void Serialize_SignedUrl_IsNotChangedByACharacter()
    {
        const string Signed = "https://a.example/path%2Fwith%20escapes/(x)?sig=a%2Bb%3D&se=2026-01-01T00%3A00%3A00Z";

        JsonNode json = Parse(Write(new() { Source = new Uri(Signed), Renditions = [new() { Target = new Uri(Signed) }] }));

        Assert.Equal(Signed, (string?)json["source"]);
        Assert.Equal(Signed, (string?)json["renditions"]![0]!["target"]);
    }

    [Fact]
    public void CustomFields_SetAndRead_AreCopies()
    {
        JsonObject fields = new() { ["deep"] = new JsonObject { ["a"] = new JsonArray(1, null, "ä") }, ["none"] = null };
        Rendition rendition = new() { CustomFields = fields };
        fields["deep"]!["a"] = 2;
        rendition.CustomFields!["deep"] = 3;

        Assert.Equal("""{"deep":{"a":[1,null,"\u00E4"]},"none":null}""", rendition.CustomFields!.ToJsonString());
        Assert.Null((rendition with { CustomFields = null }).CustomFields);
        Assert.Equal(rendition, rendition with { });
    }

    [Fact]
    public void Equals_UserData_ComparesTheObject()
    {
        JsonObject data = new() { ["a"] = 1 };

        Assert.Equal(new Rendition { UserData = data }, new Rendition { UserData = data });
        Assert.NotEqual(new Rendition { UserData = data }, new Rendition { UserData = new JsonObject { ["a"] = 1 } });
    }

    [Fact]
    public void Mark_UserDataOfTheCaller_IsKeptAndNotChanged()
    {
        JsonObject own = new() { ["mine"] = 1 };
        ProcessRequest request = new() { RequestId = "r", UserData = own, Renditions = [new() { Name = "a" }, new() { Name = "b", UserData = own }] };

        JsonNode json = Parse(Write(ReservedUserData.Mark(request, "me")));

        Assert.Equal("""{"mine":1,"assetComputeClient":{"id":"me"}}""", json["userData"]!.ToJsonString());
        Assert.Equal("""{"assetComputeClient":{"index":0,"length":2,"request":"r"}}""", json["renditions"]![0]!["userData"]!.ToJsonString());
        Assert.Equal("""{"mine":1,"assetComputeClient":{"index":1,"length":2,"request":"r"}}""", json["renditions"]![1]!["userData"]!.ToJsonString());
        Assert.Equal("""{"mine":1}""", own.ToJsonString());
    }

    [Fact]
    public void Serialize_RequestId_IsNoPartOfTheBody()
    {
        JsonNode json = Parse(Write(new() { RequestId = "abc", Renditions = [] }));

        Assert.Equal(["renditions"], json.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void ToString_WithSignedUrls_ShowsNoSignature()
    {
        ProcessRequest request = new()
        {
            Source = new() { Url = "https://user:pass@a.example/x.jpg?sig=SECRET", Headers = new Dictionary<string, string> { ["Authorization"] = "SECRET" } },
            Renditions = [new() { Target = new Uri("https://a.example/y?sig=SECRET"), Watermark = new() { Image = "https://a.example/w?SECRET" }, Files = [new Uri("https://a.example/f?SECRET")] }],
        };

        string shown = request.ToString() + request.Source + request.Renditions[0] + request.Renditions[0].Target + request.Renditions[0].Watermark + request.Renditions[0].Files![0];

        Assert.DoesNotContain("SECRET", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", shown, StringComparison.Ordinal);
        Assert.Contains("https://a.example/x.jpg", shown, StringComparison.Ordinal);
    }

    private static byte[] Write(ProcessRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, AssetComputeJsonContext.Default.ProcessRequest);

    private static ProcessRequest Read(string json) => JsonSerializer.Deserialize(json, AssetComputeJsonContext.Default.ProcessRequest)!;

    private static JsonNode Parse(byte[] json) => JsonNode.Parse(json)!;

    private static void AssertSameJson(string expected, byte[] actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"Expected {expected} but got {Encoding.UTF8.GetString(actual)}");
}
