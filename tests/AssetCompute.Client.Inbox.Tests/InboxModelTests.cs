using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>Values for an inbox are validated when they are created.</summary>
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
}
