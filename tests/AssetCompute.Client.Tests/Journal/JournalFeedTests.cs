using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Journal;

public partial class JournalFeedTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task ReadAsync_SeveralPages_FollowsTheLinksAndDeliversEachEventOnce()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Page(3, 2).Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time));

        Assert.Equal(Enumerable.Range(0, 5).Select(Pages.Position), positions);
        Assert.Equal(["", $"?since={Pages.Position(2)}", $"?since={Pages.Position(4)}"], journal.Queries);
    }

    [Fact]
    public async Task ReadAsync_AnswerWithoutLink_KeepsThePosition()
    {
        ScriptedJournal journal = new ScriptedJournal().PageWithoutLink(0, 3).Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time));

        Assert.Equal(3, positions.Count);
        Assert.Equal($"?since={Pages.Position(2)}", journal.Queries[1]);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task ReadAsync_FailureInBetween_GoesOnAtThePosition(int status)
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Status(status).Status(status).Page(3, 1).Nothing();

        (List<string> positions, List<JournalNotice> notices) = await ReadAsync(journal.Feed(_time));

        Assert.Equal(4, positions.Count);
        Assert.All(journal.Queries.Skip(1).Take(3), query => Assert.Equal($"?since={Pages.Position(2)}", query));
        Assert.Equal([1, 2], notices.OfType<JournalRetrying>().Select(notice => notice.Failures));
    }

    [Fact]
    public async Task ReadAsync_PageBrokenInTheMiddle_DeliversWhatWasWholeAndGoesOnBehindIt()
    {
        string broken = Pages.Page(0, 10)[..(Pages.Page(0, 4).IndexOf("_page", StringComparison.Ordinal) + 40)];
        ScriptedJournal journal = new ScriptedJournal().Body(broken).Page(4, 6).Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time));

        Assert.Equal(Enumerable.Range(0, 10).Select(Pages.Position), positions);
        Assert.Equal($"?since={Pages.Position(3)}", journal.Queries[1]);
    }

    [Fact]
    public async Task ReadAsync_TooManyFailuresInARow_EndsWithThePosition()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Status(500).Throws(new HttpRequestException("broken")).Body("<html>");

        (List<string> positions, _, Exception? end) = await ReadToEndAsync(journal.Feed(_time, configure: options => options.MaxConsecutiveFailures = 3));

        JournalException exception = Assert.IsType<JournalException>(end);
        Assert.Equal(3, positions.Count);
        Assert.Equal(JournalPosition.After(Pages.Position(2)), exception.Position);
        Assert.Equal(3, exception.Attempts);
        Assert.NotNull(exception.InnerException);
    }

    [Fact]
    public async Task ReadAsync_FailuresWithSuccessInBetween_AreNotInARow()
    {
        ScriptedJournal journal = new();
        for (int i = 0; i < 6; i++)
        {
            journal.Status(500).Page(i, 1);
        }

        (List<string> positions, _) = await ReadAsync(journal.Nothing().Feed(_time, configure: options => options.MaxConsecutiveFailures = 2));

        Assert.Equal(6, positions.Count);
    }

    [Fact]
    public async Task ReadAsync_SamePageWithoutEnd_IsPolledAndNotHammered()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 2).Page(0, 2).Page(0, 2).Page(2, 1);
        DateTimeOffset start = _time.GetUtcNow();

        await ReadToEndAsync(journal.Feed(_time, stopWhenCaughtUp: false), take: 3);

        Assert.True(_time.GetUtcNow() - start >= TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task ReadAsync_LinkThatSaysNothing_DoesNotLeadBackToTheOldest()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3, next: "/events/1").Nothing();

        await ReadAsync(journal.Feed(_time));

        Assert.Equal($"?since={Pages.Position(2)}", journal.Queries[1]);
    }

    [Fact]
    public async Task ReadAsync_EmptyPageWhoseLinkGoesOn_IsNotTheEnd()
    {
        ScriptedJournal journal = new ScriptedJournal()
            .Answer(() =>
            {
                HttpResponseMessage response = new(System.Net.HttpStatusCode.OK) { Content = new StringContent("""{"events":[]}""") };
                response.Headers.TryAddWithoutValidation("Link", $"<?since={Pages.Position(4)}>; rel=\"next\"");
                return response;
            })
            .Page(5, 2)
            .Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time));

        Assert.Equal([Pages.Position(5), Pages.Position(6)], positions);
    }

    [Theory]
    [InlineData(ExpiredPositionPolicy.Oldest, "")]
    [InlineData(ExpiredPositionPolicy.Latest, "?latest=true")]
    public async Task ReadAsync_ExpiredPosition_ReportsTheGapAndGoesOnAsThePolicySays(ExpiredPositionPolicy policy, string query)
    {
        ScriptedJournal journal = new ScriptedJournal().Status(410).Page(7, 1).Nothing();

        (List<string> positions, List<JournalNotice> notices) = await ReadAsync(journal.Feed(_time, JournalPosition.After("old"), onExpired: policy));

        Assert.Equal([Pages.Position(7)], positions);
        Assert.Equal(query, journal.Queries[1]);
        Assert.Equal(JournalPosition.After("old"), Assert.Single(notices.OfType<JournalGap>()).Expired);
    }

    [Fact]
    public async Task ReadAsync_ExpiredPositionAndNoPolicy_EndsWithThePosition()
    {
        ScriptedJournal journal = new ScriptedJournal().Status(410);

        (_, _, Exception? end) = await ReadToEndAsync(journal.Feed(_time, JournalPosition.After("old")));

        Assert.Equal(JournalPosition.After("old"), Assert.IsType<JournalException>(end).Position);
        Assert.Contains("AssetCompute:Journal:OnExpired", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SamePageTwice_DeliversItOnce()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 3).Page(0, 3).Page(2, 3).Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time));

        Assert.Equal(Enumerable.Range(0, 5).Select(Pages.Position), positions);
    }

    [Fact]
    public async Task ReadAsync_PositionsOfLongAgo_AreForgottenAndTheLastKnown()
    {
        const int known = 16_384;
        ScriptedJournal journal = new ScriptedJournal().Page(0, known).Page(known, 1).Page(1, 1).Page(0, 1).Nothing();

        (List<string> positions, _) = await ReadAsync(journal.Feed(_time));

        // The feed forgets the first position to remember the last one. It still knows the second position.
        Assert.Equal([.. Enumerable.Range(0, known + 1).Select(Pages.Position), Pages.Position(0)], positions);
    }

    [Fact]
    public async Task ReadAsync_EventThatCannotBeHandedOut_IsSkippedWithANoticeInItsPlace()
    {
        string deep = $$"""{"a":{{new string('[', 300)}}{{new string(']', 300)}}}""";
        string page = $$"""{"events":[{{Pages.Entry(0)}},{"position":"deep","event":{{deep}}},{"position":"large","event":"{{new string('x', 5000)}}"},{{Pages.Entry(1)}}]}""";
        ScriptedJournal journal = new ScriptedJournal().Body(page).Nothing();
        List<string> order = [];

        await foreach (JournalBatch item in journal.Feed(_time, configure: options => options.MaxEventBytes = 4_096).ReadAsync(TestContext.Current.CancellationToken))
        {
            order.Add(item.Notice is null ? string.Join(' ', item.Entries.Select(entry => entry.Position.Value))
                : item.Notice is JournalEventSkipped skipped ? $"{skipped.Position} {skipped.Entry.Raw.Length} {skipped.Reason}" : item.Notice.GetType().Name);
        }

        Assert.Equal(
            [
                Pages.Position(0),
                $"after:deep {deep.Length} The event is nested more than 256 levels deep.",
                "after:large 0 The event has more than 4096 bytes (JournalOptions.MaxEventBytes).",
                Pages.Position(1),
                nameof(JournalCaughtUp),
            ],
            order);
        Assert.Equal(["", $"?since={Pages.Position(1)}"], journal.Queries);
    }

    [Fact]
    public async Task ReadAsync_PageThatIsNoJson_EndsWithThePlaceInThePage()
    {
        ScriptedJournal journal = new ScriptedJournal().Body("\n\n<html>");

        (_, _, Exception? end) = await ReadToEndAsync(journal.Feed(_time, JournalPosition.After("p"), configure: options => options.MaxConsecutiveFailures = 1));

        JournalException exception = Assert.IsType<JournalException>(end);
        Assert.Equal(JournalPosition.After("p"), exception.Position);
        Assert.Contains("near byte 2:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_LinkToAnotherHost_EndsAndSendsNothingThere()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 1, next: "https://evil.example/events?since=x");

        (List<string> positions, _, Exception? end) = await ReadToEndAsync(journal.Feed(_time));

        Assert.Single(positions);
        Assert.IsType<InvalidOperationException>(Assert.IsType<JournalException>(end).InnerException);
        Assert.Single(journal.Queries);
    }

    [Fact]
    public async Task ReadAsync_CaughtUp_IsToldBehindTheEventsBeforeIt()
    {
        ScriptedJournal journal = new ScriptedJournal().Page(0, 2).Nothing();
        List<string> order = [];

        await foreach (JournalBatch item in journal.Feed(_time).ReadAsync(TestContext.Current.CancellationToken))
        {
            order.Add(item.Notice is null ? $"{item.Entries.Count} events" : item.Notice.GetType().Name);
        }

        Assert.Equal(["2 events", nameof(JournalCaughtUp)], order);
    }

    private async Task<(List<string> Positions, List<JournalNotice> Notices)> ReadAsync(JournalFeed feed)
    {
        (List<string> positions, List<JournalNotice> notices, Exception? end) = await ReadToEndAsync(feed);
        Assert.Null(end);
        return (positions, notices);
    }

    /// <summary>Reads to the end of the feed, and advances the clock whenever the feed waits.</summary>
    private async Task<(List<string> Positions, List<JournalNotice> Notices, Exception? End)> ReadToEndAsync(JournalFeed feed, int take = int.MaxValue)
    {
        List<string> positions = [];
        List<JournalNotice> notices = [];
        Task reading = Task.Run(async () =>
        {
            await foreach (JournalBatch item in feed.ReadAsync(TestContext.Current.CancellationToken))
            {
                if (item.Notice is { } notice)
                {
                    notices.Add(notice);
                }

                positions.AddRange(item.Entries.Select(entry => entry.Position.Value!));
                if (positions.Count >= take)
                {
                    break;
                }
            }
        });
        while (!reading.IsCompleted)
        {
            using CancellationTokenSource done = new();
            Task timers = _time.WaitForTimersAsync(cancellationToken: done.Token);
            if (await Task.WhenAny(reading, timers) == timers)
            {
                _time.AdvanceToNextTimer();
            }

            await done.CancelAsync();
        }

        return (positions, notices, await Record.ExceptionAsync(() => reading));
    }
}
