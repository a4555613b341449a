using System.Net;

namespace AssetCompute.Client.Tests.Journal;

/// <summary>A journal that is no longer found, because the client was registered again.</summary>
public partial class JournalFeedTests
{
    private static readonly Uri s_newJournal = new("https://journal.example/events/2");
    private int _askedForJournal;

    [Fact]
    public async Task ReadAsync_JournalGone_EndsAndSaysThatThePositionIsOfTheOldOne()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Status(404).Status(404);

        JournalException moved = Assert.IsType<JournalException>((await ReadToEndAsync(journal.Feed(_time, findAnew: NewJournal))).End);

        Assert.Contains("registered again", moved.Message, StringComparison.Ordinal);
        Assert.Equal(JournalPosition.After(Pages.Position(2)), moved.Position);
        Assert.Equal(HttpStatusCode.NotFound, moved.StatusCode);
        Assert.True(moved.PositionIsLost);
    }

    [Theory]
    [InlineData(ExpiredPositionPolicy.Oldest, "")]
    [InlineData(ExpiredPositionPolicy.Latest, "?latest=true")]
    public async Task ReadAsync_JournalGone_GoesOnInTheNewOneAsThePolicySays(ExpiredPositionPolicy policy, string query)
    {
        // All positions in the new journal count as new, even if they equal delivered ones.
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Status(404).Status(404).Page(0, 2).Nothing();

        (List<string> positions, List<JournalNotice> notices) = await ReadAsync(journal.Feed(_time, onExpired: policy, findAnew: NewJournal));

        Assert.Equal(["/events/1", "/events/1", "/events/1", "/events/2", "/events/2"], journal.Paths);
        Assert.Equal(query, journal.Queries[3]);
        Assert.Equal([0, 1, 2, 0, 1], positions.Select(position => Array.FindIndex([0, 1, 2], index => Pages.Position(index) == position)));
        JournalGap gap = Assert.Single(notices.OfType<JournalGap>());
        Assert.Equal(JournalPosition.After(Pages.Position(2)), gap.Expired);
        Assert.Equal(policy == ExpiredPositionPolicy.Latest ? JournalPosition.Latest : JournalPosition.Oldest, gap.Position);
    }

    [Fact]
    public async Task ReadAsync_JournalGoneBeforeAnythingWasRead_StartsInTheNewOne()
    {
        ScriptedJournal journal = new ScriptedJournal().Status(404).Status(404).Nothing();

        (_, List<JournalNotice> notices) = await ReadAsync(journal.Feed(_time, JournalPosition.Latest, findAnew: NewJournal));

        Assert.Equal(["/events/1", "/events/1", "/events/2"], journal.Paths);
        Assert.Equal("?latest=true", journal.Queries[2]);
        Assert.Empty(notices.OfType<JournalGap>());
    }

    [Fact]
    public async Task ReadAsync_JournalGoneWhileItsFirstEventWasWaitedFor_MissesNothingOfTheNewOne()
    {
        ScriptedJournal journal = new ScriptedJournal().Nothing().Status(404).Status(404).Page(0, 1).Status(410);

        Assert.IsType<JournalException>((await ReadToEndAsync(journal.Feed(_time, JournalPosition.Latest, stopWhenCaughtUp: false, findAnew: NewJournal))).End);

        Assert.Equal("/events/2", journal.Paths[3]);
        Assert.Equal("", journal.Queries[3]);
    }

    [Fact]
    public async Task ReadAsync_JournalThatIsOnlyAway_IsAskedForOnceAndReadOn()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Status(404).Status(404).Status(404).Status(404).Page(3, 1).Nothing();

        (List<string> positions, List<JournalNotice> notices) = await ReadAsync(journal.Feed(_time, findAnew: (gone, _) =>
        {
            _askedForJournal++;
            return new ValueTask<Uri>(gone);
        }));

        Assert.Equal(4, positions.Count);
        Assert.Equal(1, _askedForJournal);
        Assert.Equal([1, 2, 3, 4], notices.OfType<JournalRetrying>().Select(notice => notice.Failures));
    }

    [Fact]
    public async Task ReadAsync_AskingForTheJournalFails_IsAskedAgain()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Status(404).Status(404).Status(404).Page(0, 1).Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time, onExpired: ExpiredPositionPolicy.Oldest, findAnew: (gone, cancellationToken) =>
            ++_askedForJournal == 1 ? throw new AssetComputeUnavailableException("Down.") : new ValueTask<Uri>(s_newJournal)));

        Assert.Equal(4, positions.Count);
        Assert.Equal(2, _askedForJournal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(503)]
    public async Task ReadAsync_FailureThatSaysNothingOfTheRegistration_AsksForNoJournal(int status)
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 1).Status(status);
        _ = status == 404 ? journal : journal.Status(status).Status(status);
        journal.Page(1, 1).Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time, findAnew: NewJournal));

        Assert.Equal(2, positions.Count);
        Assert.Equal(0, _askedForJournal);
    }

    [Fact]
    public async Task ReadAsync_OtherFailuresInBetween_AsksOnlyAfterTheSecondNotFoundInARow()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 1).Status(503).Status(404).Throws(new HttpRequestException("broken")).Status(404).Status(404).Page(0, 1).Nothing();

        await ReadAsync(journal.Feed(_time, onExpired: ExpiredPositionPolicy.Oldest, findAnew: NewJournal));

        Assert.Equal(1, _askedForJournal);
        Assert.Equal([.. Enumerable.Repeat("/events/1", 6), "/events/2", "/events/2"], journal.Paths);
    }

    [Fact]
    public async Task ReadAsync_FirstFailureIsTheLast_AsksAfterTheFirstNotFound()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 1).Status(404).Page(0, 1).Nothing();

        await ReadAsync(journal.Feed(_time, configure: static options => options.MaxConsecutiveFailures = 1, onExpired: ExpiredPositionPolicy.Oldest, findAnew: NewJournal));

        Assert.Equal(["/events/1", "/events/1", "/events/2", "/events/2"], journal.Paths);
    }

    [Fact]
    public async Task ReadAsync_NewJournalThatDoesNotAnswer_EndsAtThePosition()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Status(404).Status(404);

        JournalException ended = Assert.IsType<JournalException>((await ReadToEndAsync(journal.Feed(_time, findAnew: static (_, _) => throw new JournalException("Not ready.")))).End);

        Assert.Equal(JournalPosition.After(Pages.Position(2)), ended.Position);
        Assert.False(ended.PositionIsLost);
        Assert.Contains("Not ready.", ended.Message, StringComparison.Ordinal);
    }

    private ValueTask<Uri> NewJournal(Uri gone, CancellationToken cancellationToken)
    {
        Assert.Equal(ScriptedJournal.Url, gone);
        _askedForJournal++;
        return new ValueTask<Uri>(s_newJournal);
    }
}
