using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

public class JournalCursorTests
{
    private static readonly Uri s_journal = new("https://api.adobe.io/events/organizations/1/integrations/2/abc");

    [Fact]
    public void Url_WithPositionAndPageSize_HasBoth() =>
        Assert.Equal(s_journal + "?since=a%3Ab&limit=10", new JournalCursor(s_journal, JournalPosition.After("a:b"), 10).Url.AbsoluteUri);

    [Fact]
    public void Url_AtTheOldest_IsTheJournalItself() =>
        Assert.Equal(s_journal.AbsoluteUri, new JournalCursor(s_journal, JournalPosition.Oldest, null).Url.AbsoluteUri);

    [Fact]
    public void Url_OfAJournalWithAQuery_KeepsIt() =>
        Assert.Equal(s_journal + "?own=1&latest=true", new JournalCursor(new Uri(s_journal + "?own=1"), JournalPosition.Latest, null).Url.AbsoluteUri);

    [Theory]
    [InlineData("/events/organizations/1/integrations/2/abc?since=x%3Ay&limit=3")]
    [InlineData("https://api.adobe.io/events/organizations/1/integrations/2/abc?since=x%3Ay&limit=3")]
    [InlineData("https://API.ADOBE.IO:443/organizations/1/integrations/2/abc?since=x%3Ay&limit=3")]
    [InlineData("?since=x%3Ay&limit=3")]
    [InlineData("//api.adobe.io/elsewhere/on/this/host?since=x%3Ay&limit=3")]
    public void Follow_LinkOfTheJournalsHost_TakesItsQueryToTheJournal(string link)
    {
        JournalCursor cursor = new(s_journal, JournalPosition.Oldest, null);

        cursor.Follow(link);

        Assert.Equal(s_journal + "?since=x%3Ay&limit=3", cursor.Url.AbsoluteUri);
        Assert.Equal(JournalPosition.After("x:y"), cursor.Position);
    }

    [Theory]
    [InlineData("https://evil.example/events?since=x")]
    [InlineData("https://api.adobe.io.evil.example/events?since=x")]
    [InlineData("https://api.adobe.io@evil.example/events?since=x")]
    [InlineData("//evil.example/events?since=x")]
    [InlineData("http://api.adobe.io/events?since=x")]
    [InlineData("https://api.adobe.io:8443/events?since=x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://[")]
    public void Follow_LinkToAnotherPlace_IsRefused(string link)
    {
        JournalCursor cursor = new(s_journal, JournalPosition.After("a"), null);

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => cursor.Follow(link));

        Assert.DoesNotContain("since=x", exception.Message, StringComparison.Ordinal);
        Assert.Equal(JournalPosition.After("a"), cursor.Position);
    }

    [Fact]
    public void MoveTo_AfterALink_ForgetsTheLink()
    {
        JournalCursor cursor = new(s_journal, JournalPosition.Oldest, 5);
        cursor.Follow("?since=x&limit=5");

        cursor.MoveTo(JournalPosition.After("y"));

        Assert.Equal(s_journal + "?since=y&limit=5", cursor.Url.AbsoluteUri);
    }
}
