using System.Text.Json;
using AssetCompute.Client.Authentication;
using YamlDotNet.Core;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>The YAML of credentials files.</summary>
public class YamlToJsonTests
{
    [Theory]
    [InlineData("a: b", """{"a":"b"}""")]
    [InlineData("a: 17\nb: true", """{"a":"17","b":"true"}""")]
    [InlineData("a:\nb: ~\nc: null\nd: ''\ne: 'null'", """{"a":null,"b":null,"c":null,"d":"","e":"null"}""")]
    [InlineData("a: [x, [y], {k: v}]\nb: {c: {d: e}}", """{"a":["x",["y"],{"k":"v"}],"b":{"c":{"d":"e"}}}""")]
    [InlineData("a:\n  - x: 1\n    y: 2\n  - z", """{"a":[{"x":"1","y":"2"},"z"]}""")]
    [InlineData("a: {}\nb: []\nc: d", """{"a":{},"b":[],"c":"d"}""")]
    [InlineData("[x, y]", """["x","y"]""")]
    [InlineData("text", "\"text\"")]
    [InlineData("", "null")]
    [InlineData("# only a comment", "null")]
    [InlineData("a: b\n---\nc: d", """{"a":"b"}""")]
    public void YamlToJson_OfWhatCredentialsUse_IsTheSameAsJson(string yaml, string json)
    {
        using JsonDocument document = YamlToJson.Parse(yaml);

        Assert.Equal(json, document.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("a: &x b\nc: *x")]
    [InlineData("a: &x {b: c}")]
    [InlineData("a: *x")]
    [InlineData("{[a]: b}")]
    [InlineData("{{a: b}: c}")]
    [InlineData("a: {b")]
    public void YamlToJson_OfMore_IsRefused(string yaml) => Assert.ThrowsAny<YamlException>(() => YamlToJson.Parse(yaml));

    [Fact]
    public void YamlToJson_NestedThirtyTwoDeep_IsReadAndNoDeeper()
    {
        using JsonDocument document = YamlToJson.Parse(Nested(32));

        Assert.Equal(Nested(32), document.RootElement.GetRawText());
        Assert.Throws<YamlException>(() => YamlToJson.Parse(Nested(33)));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }
}
