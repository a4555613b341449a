using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Serialization;
using AssetCompute.Client.Tests.Fuzzing;

namespace AssetCompute.Client.Tests.Requests;

/// <summary>The request data that an event echoes is read, even if parts of it are invalid.</summary>
public class EchoReaderTests
{
    private const string Whole = """
        {"name":"n","fmt":"jpg","worker":"https://w.example/","target":{"urls":["https://a.example/1"],"minPartSize":1,"maxPartSize":2},
         "userData":{"u":1},"embedBinaryLimit":3,"width":4,"height":5,"quality":6,"xmp":"eA==","interlace":true,"jpegSize":8,
         "dpi":9,"convertToDpi":{"xdpi":10,"ydpi":11},"files":["https://a.example/f",{"url":"https://a.example/g","path":"p"}],"duplicate":"ignore",
         "watermark":{"image":"https://a.example/w","scale":0.5},"crop":{"x":12,"y":13,"w":14,"h":15},"zoom":2}
        """;

    public static TheoryData<string, string> OddFields { get; } = new()
    {
        { "target", "5" },
        { "target", """{"urls":5}""" },
        { "files", "[5]" },
        { "files", "{}" },
        { "dpi", """{"xdpi":"72"}""" },
        { "dpi", """{"xdpi":72}""" },
        { "convertToDpi", "\"300\"" },
        { "name", "\"J\\ud83d\"" },
        { "name", "7" },
        { "fmt", "\"J\\ud83d\"" },
        { "fmt", "\"\"" },
        { "fmt", "[]" },
        { "worker", "5" },
        { "userData", "[1]" },
        { "userData", "\"text\"" },
        { "width", "1.5" },
        { "width", "\"48\"" },
        { "height", "99999999999" },
        { "interlace", "\"true\"" },
        { "duplicate", "false" },
        { "watermark", "\"https://a.example/w\"" },
        { "watermark", """{"image":5}""" },
        { "crop", """{"w":"1","h":2}""" },
        { "crop", "[1,2]" },
    };

    [Theory]
    [MemberData(nameof(OddFields))]
    public void Read_OddField_IsKeptAndTheRestIsRead(string name, string value)
    {
        JsonObject json = JsonNode.Parse(Whole)!.AsObject();
        json.Remove(name);
        string odd = $"{{\"{name}\":{value},{json.ToJsonString()[1..]}";

        Rendition rendition = Read<Rendition>(Encoding.UTF8.GetBytes(odd))!;

        Dictionary<string, JsonElement> kept = rendition.ExtensionData!;
        Assert.Equal(["zoom", name], kept.Keys.Order(StringComparer.Ordinal).OrderBy(key => key != "zoom"));
        Assert.Equal(value, kept[name].GetRawText());
        json.Remove("zoom");
        JsonObject read = JsonSerializer.SerializeToNode(rendition with { ExtensionData = null }, AssetComputeJsonContext.Default.Rendition)!.AsObject();
        Assert.True(JsonNode.DeepEquals(json, read), read.ToJsonString());
    }

    [Fact]
    public void Read_MissingRequiredField_IsNoError()
    {
        Assert.Equal("", Read<AssetSource>("""{"name":"x"}"""u8)!.Url);
        Rendition rendition = Read<Rendition>("""{"files":[{"path":"p"}],"watermark":{"scale":1},"crop":{"x":1},"target":{}}"""u8)!;

        Assert.Equal("", rendition.Files![0].Url);
        Assert.Equal("", rendition.Watermark!.Image);
        Assert.Equal(0, rendition.Crop!.Width);
        Assert.Empty(rendition.Target!.Urls);
        Assert.Null(rendition.CustomFields);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[{}]")]
    public void Read_NoObject_IsNull(string json) => Assert.Null(Read<Rendition>(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Read_NameWithHalfASurrogatePair_IsLeftOut()
    {
        Rendition rendition = Read<Rendition>("""{"\ud83d":1,"name":"n"}"""u8)!;

        Assert.Equal("n", rendition.Name);
    }

    [Fact]
    public void Read_DeepField_IsRead()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));

        Rendition rendition = Read<Rendition>(Encoding.UTF8.GetBytes($$"""{"userData":{"a":{{deep}}},"other":{{deep}},"width":"x"}"""))!;

        Assert.Equal(deep, rendition.ExtensionData!["other"].GetRawText());
        Assert.NotNull(rendition.UserData);
    }

    [Fact]
    public void Read_AnyJson_NeverFails()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        byte[] source = """{"url":"https://a.example/x","name":"x.jpg","size":7,"mimeType":"image/jpeg","headers":{"a":"b"},"zone":1}"""u8.ToArray();
        Random random = new(20_261_130);
        int read = 0;
        for (int i = 0; i < FuzzInputs.Count / 2; i++)
        {
            read += Try<Rendition>(MutatedJson.Of(whole, random)) + Try<AssetSource>(MutatedJson.Of(source, random));
        }

        Assert.True(read > FuzzInputs.Count / 20, $"{read} of {FuzzInputs.Count} inputs were read.");

        static int Try<T>(byte[] json)
            where T : class
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    return 0;
                }
            }
            catch (JsonException)
            {
                // The page reader has already rejected invalid JSON.
                return 0;
            }

            Assert.NotNull(Read<T>(json));
            return 1;
        }
    }

    private static T? Read<T>(ReadOnlySpan<byte> json)
        where T : class => EchoReader.Read<T>(JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 256 }));
}
