using AssetCompute.Client.Inbox;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>What goes into an inbox is checked where it is made.</summary>
public class InboxModelTests
{
    [Fact]
    public void InboxMessage_IdThatNoStoreKeeps_IsRefused()
    {
        foreach (string? id in new[] { null, "", new string('x', 513), "a\0b", "a\uD800b", "\uDC00" })
        {
            Assert.Equal("Id", Assert.ThrowsAny<ArgumentException>(() => new InboxMessage(id!, default)).ParamName);
            Assert.Equal("Name", Assert.ThrowsAny<ArgumentException>(() => new InboxCheckpoint(id!, default)).ParamName);
        }
    }

    [Fact]
    public void InboxMessage_ToString_SaysNothingOfTheContent() =>
        Assert.DoesNotContain("secret", new InboxMessage("a", "secret"u8.ToArray()).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Retry_DelayOutOfItsRange_IsRefused()
    {
        Assert.Equal("delay", Assert.Throws<ArgumentOutOfRangeException>(() => InboxOutcome.Retry(TimeSpan.FromTicks(-1))).ParamName);
        Assert.Equal("delay", Assert.Throws<ArgumentOutOfRangeException>(() => InboxOutcome.Retry(TimeSpan.FromDays(366))).ParamName);
    }

    [Fact]
    public void DeadLetter_LongReason_IsCut() => Assert.Equal(2000, InboxOutcome.DeadLetter(new string('x', 5000)).Reason!.Length);

    [Theory]
    [InlineData("""{"source":"urn:a","id":"1"}""", "urn:a 1")]
    [InlineData("""{"id":"1"}""", "1")]
    [InlineData("""{"@id":"x"}""", "x")]
    [InlineData("""{"type":"t"}""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    [InlineData("""{"id":"\uD800"}""", null)]
    public void EventIdentity_OfAnEvent_IsItsOwn(string json, string? identity) =>
        Assert.Equal(identity, EventIdentity.Of(System.Text.Encoding.UTF8.GetBytes(json)));

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
