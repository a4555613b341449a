using System.Text;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>Links, entries, failures and checkpoints with missing parts or with values at a limit.</summary>
public sealed class JournalCornersTests : IDisposable
{
    private static readonly Uri s_journal = new("https://journal.example/events/1");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("checkpoints-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("?since=b", "b", "?since=b")]
    [InlineData("?since=&limit=3", "a", "?since=&limit=3")]
    [InlineData("/events/1?", "a", "?since=a")]
    [InlineData("/events/1", "a", "?since=a")]
    [InlineData("?limit=3", "a", "?limit=3")]
    public void Follow_FromAPosition_GoesWhereTheLinkSaysAndNeverBackToTheOldest(string link, string position, string query)
    {
        JournalCursor cursor = new(s_journal, JournalPosition.After("a"), null);

        cursor.Follow(link);

        Assert.Equal(JournalPosition.After(position), cursor.Position);
        Assert.Equal(query, cursor.Url.Query);
    }

    [Theory]
    [InlineData("""{"position":"p","event":{"type":"a"}}""", "p", """{"type":"a"}""")]
    [InlineData("""{"event":{"type":"a"},"position":"p"}""", "p", """{"type":"a"}""")]
    [InlineData("""{"event":{"type":"a"}}""", null, """{"type":"a"}""")]
    [InlineData("""{"position":"p"}""", "p", "")]
    [InlineData("{}", null, "")]
    public void Entry_OfAPage_HasWhatItHas(string json, string? position, string raw)
    {
        byte[] page = Encoding.UTF8.GetBytes($$"""{"events":[{{Pages.Entry(0)}},{{json}},{{Pages.Entry(2)}}]}""");

        JournalEntry entry = Pages.Read(page)[1];

        Assert.Equal(position, entry.Position.Value);
        Assert.Equal(raw, Encoding.UTF8.GetString(entry.Raw.Span));
        Assert.Equal(raw.Length > 0 ? "a" : "", Assert.IsType<UnknownEvent>(entry.Event).Type);
        Assert.Same(entry.Event, entry.Event);
    }

    [Fact]
    public void Entry_AsATestMakesIt_HasItsPositionAndEvent()
    {
        JournalEntry entry = new(JournalPosition.After("p"), """{"type":"a"}"""u8.ToArray());

        Assert.Equal(JournalPosition.After("p"), entry.Position);
        Assert.Equal("a", Assert.IsType<UnknownEvent>(entry.Event).Type);
        Assert.Equal(JournalPosition.Oldest, new JournalEntry(JournalPosition.Oldest, "{}"u8.ToArray()).Position);
    }

    [Fact]
    public void Ended_SaysHowOftenAndKeepsTheFactsOfTheLastAnswer()
    {
        AssetComputeException answer = new("down") { StatusCode = System.Net.HttpStatusCode.BadGateway, RequestId = "r", ErrorCode = "503000" };

        JournalException once = JournalFailure.Ended(JournalPosition.After("p"), 1, answer);
        JournalException often = JournalFailure.Ended(JournalPosition.After("p"), 3, new IOException("cut"));

        Assert.Equal("Reading the journal failed. Nothing is lost: continue at the position after:p. The last failure: down", once.Message);
        Assert.Equal((System.Net.HttpStatusCode.BadGateway, "r", "503000", 1), (once.StatusCode, once.RequestId, once.ErrorCode, once.Attempts));
        Assert.StartsWith("Reading the journal failed 3 times in a row. ", often.Message, StringComparison.Ordinal);
        Assert.Equal((null, null, 3), (often.StatusCode, often.RequestId, often.Attempts));
    }

    [Fact]
    public async Task Store_NameAtItsBounds_IsTakenAndBeyondRefused()
    {
        using FileJournalCheckpointStore store = new(_folder.FullName);
        foreach (string name in (string[])["azAZ09-_.", new string('x', 100)])
        {
            await store.SaveAsync(name, JournalPosition.Latest, Cancel);
            Assert.Equal(JournalPosition.Latest, await store.LoadAsync(name, Cancel));
        }

        foreach (string name in (string[])["", new string('x', 101), "a`", "a{", "a@", "a[", "a:", "é"])
        {
            await Assert.ThrowsAsync<ArgumentException>("name", async () => await store.LoadAsync(name, Cancel));
        }

        await Assert.ThrowsAsync<ArgumentNullException>("name", async () => await store.LoadAsync(null!, Cancel));
        Assert.Throws<ArgumentException>("folder", () => new FileJournalCheckpointStore(""));
    }

    [Fact]
    public async Task Store_FolderThatIsNotThere_IsMade()
    {
        string folder = Path.Combine(_folder.FullName, "a", "b");
        using FileJournalCheckpointStore store = new(folder);

        await store.SaveAsync("a", JournalPosition.Latest, Cancel);

        Assert.True(File.Exists(Path.Combine(folder, "a.checkpoint")));
    }

    [Fact]
    public async Task Store_Disposed_LetsGoOfItsNamesAndTakesNoMore()
    {
        FileJournalCheckpointStore first = new(_folder.FullName);
        await first.SaveAsync("a", JournalPosition.Latest, Cancel);
        first.Dispose();
        first.Dispose();
        using FileJournalCheckpointStore second = new(_folder.FullName);

        Assert.Equal(JournalPosition.Latest, await second.LoadAsync("a", Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await first.LoadAsync("a", Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await first.SaveAsync("b", JournalPosition.Latest, Cancel));
    }

    [Fact]
    public async Task Store_CallsThatAreCancelled_DoNothing()
    {
        using FileJournalCheckpointStore store = new(_folder.FullName);
        CancellationToken cancelled = new(canceled: true);

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await store.SaveAsync("a", JournalPosition.Latest, cancelled));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await store.LoadAsync("a", cancelled));

        Assert.Empty(_folder.GetFiles());
    }
}
