using System.Text;

namespace AssetCompute.Client.Tests.Events;

/// <summary>The identity of an event: its own, else its position, else a hash of its JSON.</summary>
public sealed class EventIdentityTests
{
    [Theory]
    [InlineData("""{"source":"urn:a","id":"1"}""", "urn:a 1")]
    [InlineData("""{"id":"1"}""", "1")]
    [InlineData("""{"@id":"x"}""", "x")]
    [InlineData("""{"type":"t"}""", "position:p")]
    [InlineData("[]", "position:p")]
    [InlineData("", "position:p")]
    [InlineData("{", "position:p")]
    [InlineData("""{"id":"\uD800"}""", "position:p")]
    [InlineData("""{"source":"\uD800a","id":"1"}""", "position:p")]
    [InlineData("""{"source":"","id":"","@id":"x"}""", "x")]
    public void Id_OfAnEvent_IsItsOwnOrItsPosition(string json, string identity) => Assert.Equal(identity, IdOf(json, "p"));

    [Fact]
    public void Id_OfAnEventNestedDeeply_IsItsOwn() =>
        Assert.Equal("1", IdOf($$"""{"data":{{new string('[', 450_000)}}{{new string(']', 450_000)}},"id":"1"}"""));

    [Fact]
    public void Id_ThatNoStoreCouldKeep_IsItsHash()
    {
        string first = IdOf($$"""{"id":"{{new string('x', 600)}}1"}""");
        string second = IdOf($$"""{"id":"{{new string('x', 600)}}2"}""");

        Assert.StartsWith("sha256:", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.StartsWith("sha256:", IdOf("""{"id":"a\u0000"}"""), StringComparison.Ordinal);
        Assert.StartsWith("sha256:", IdOf("{}", new string('x', 600)), StringComparison.Ordinal);
    }

    private static string IdOf(string json, string? position = null) =>
        new JournalEntry(position is null ? default : JournalPosition.After(position), Encoding.UTF8.GetBytes(json)).Id;
}
