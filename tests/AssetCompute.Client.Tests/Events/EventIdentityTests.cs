using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Tests.Events;

public sealed class EventIdentityTests
{
    [Theory]
    [InlineData("""{"source":"urn:a","id":"1"}""", "urn:a 1")]
    [InlineData("""{"id":"1"}""", "1")]
    [InlineData("""{"@id":"x"}""", "x")]
    [InlineData("""{"type":"t"}""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    [InlineData("""{"id":"\uD800"}""", null)]
    [InlineData("""{"source":"\uD800a","id":"1"}""", null)]
    [InlineData("""{"source":"","id":"","@id":"x"}""", "x")]
    public void EventIdentity_OfAnEvent_IsItsOwn(string json, string? identity) =>
        Assert.Equal(identity, EventIdentity.Of(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void EventIdentity_OfAnEventNestedDeeply_IsItsOwn() =>
        Assert.Equal("1", EventIdentity.Of(System.Text.Encoding.UTF8.GetBytes($$"""{"data":{{new string('[', 450_000)}}{{new string(']', 450_000)}},"id":"1"}""")));

    [Fact]
    public void EventIdentity_ThatNoStoreCouldKeep_IsItsHash()
    {
        string first = EventIdentity.Of(System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{new string('x', 600)}}1"}"""))!;
        string second = EventIdentity.Of(System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{new string('x', 600)}}2"}"""))!;

        Assert.StartsWith("sha256:", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.StartsWith("sha256:", EventIdentity.Of("""{"id":"a\u0000"}"""u8), StringComparison.Ordinal);
        Assert.StartsWith("sha256:", EventIdentity.OfPosition(new string('x', 600)), StringComparison.Ordinal);
        Assert.Equal("position:p1", EventIdentity.OfPosition("p1"));
    }
}
