namespace AssetCompute.Client.Tests.Journal;

public class JournalPositionTests
{
    public static TheoryData<JournalPosition, string, string> Positions => new()
    {
        { JournalPosition.Oldest, "oldest", "" },
        { JournalPosition.Latest, "latest", "latest=true" },
        { JournalPosition.After("cat:1:2"), "after:cat:1:2", "since=cat%3A1%3A2" },
        { JournalPosition.Ago(TimeSpan.FromHours(2)), "ago:-PT2H", "seek=-PT2H" },
        { JournalPosition.Ago(TimeSpan.FromDays(6.5)), "ago:-P6DT12H", "seek=-P6DT12H" },
    };

    [Theory]
    [MemberData(nameof(Positions))]
    public void Parse_WhatToStringWrote_IsTheSamePosition(JournalPosition position, string text, string query)
    {
        Assert.Equal(text, position.ToString());
        Assert.Equal(position, JournalPosition.Parse(text));
        Assert.Equal(query, position.ToQuery());
    }

    [Fact]
    public void Default_IsOldest() => Assert.Equal(JournalPosition.Oldest, default);

    [Theory]
    [InlineData("")]
    [InlineData("after:")]
    [InlineData("ago:x")]
    [InlineData("ago:-PT0S")]
    [InlineData("ago:-P99999999D")]
    [InlineData("cat:1:2")]
    public void Parse_AnythingElse_Throws(string text) => Assert.Throws<FormatException>(() => JournalPosition.Parse(text));

    [Fact]
    public void After_NoPosition_NamesTheParameter()
    {
        Assert.Equal("position", Assert.Throws<ArgumentNullException>(static () => JournalPosition.After(null!)).ParamName);
        Assert.Equal("position", Assert.Throws<ArgumentException>(static () => JournalPosition.After("")).ParamName);
        Assert.Equal("text", Assert.Throws<ArgumentNullException>(static () => JournalPosition.Parse(null!)).ParamName);
    }

    [Fact]
    public void Ago_NotInThePast_NamesTheParameter()
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(() => JournalPosition.Ago(TimeSpan.Zero));

        Assert.Equal("duration", exception.ParamName);
    }
}
