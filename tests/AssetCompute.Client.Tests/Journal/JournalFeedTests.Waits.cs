using System.Net;
using System.Text;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Tests.Streams;

namespace AssetCompute.Client.Tests.Journal;

public partial class JournalFeedTests
{
    [Fact]
    public async Task ReadAsync_RetryAfterOnAFailure_IsWaitedOut()
    {
        ScriptedJournal journal = new ScriptedJournal().Status(429, TimeSpan.FromSeconds(45)).Page(0, 1).Nothing();

        DateTimeOffset start = _time.GetUtcNow();
        await ReadAsync(journal.Feed(_time));

        Assert.True(_time.GetUtcNow() - start >= TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task ReadAsync_ShortRetryAfterAgainAndAgain_DoesNotShortenTheBackoff()
    {
        ScriptedJournal journal = new();
        for (int i = 0; i < 9; i++)
        {
            journal.Status(503, TimeSpan.Zero);
        }

        DateTimeOffset start = _time.GetUtcNow();
        await ReadAsync(journal.Page(0, 1).Nothing().Feed(_time));

        Assert.True(_time.GetUtcNow() - start > TimeSpan.FromMinutes(1), $"{_time.GetUtcNow() - start}");
    }

    [Fact]
    public async Task ReadAsync_RetryAfterBeyondTheCap_EndsAtOnce()
    {
        ScriptedJournal journal = new ScriptedJournal().Status(503, TimeSpan.FromHours(114));

        (_, _, Exception? end) = await ReadToEndAsync(journal.Feed(_time));

        Assert.Equal(1, Assert.IsType<JournalException>(end).Attempts);
        Assert.Equal(TimeSpan.FromHours(114), Assert.IsType<AssetComputeUnavailableException>(Assert.IsType<JournalException>(end).InnerException).RetryAfter);
        Assert.Single(journal.Queries);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(1, 2)]
    public async Task ReadAsync_NothingNew_WaitsForTheLongerOfRetryAfterAndInterval(int retryAfter, int expected)
    {
        ScriptedJournal journal = new ScriptedJournal().Nothing(TimeSpan.FromSeconds(retryAfter)).Page(0, 1);
        DateTimeOffset start = _time.GetUtcNow();

        (List<string> positions, _, _) = await ReadToEndAsync(journal.Feed(_time, stopWhenCaughtUp: false), take: 1);

        Assert.Single(positions);
        Assert.Equal(TimeSpan.FromSeconds(expected), _time.GetUtcNow() - start);
    }

    [Fact]
    public async Task ReadAsync_PageThatFallsSilent_IsReadOnFromItsLastWholeEvent()
    {
        byte[] begun = Encoding.UTF8.GetBytes($$"""{"events":[{{Pages.Entry(0)}},{"position":""");
        ScriptedJournal journal = new ScriptedJournal()
            .Answer(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new StalledStream(begun)) })
            .Page(1, 1)
            .Nothing();

        (List<string> positions, List<JournalNotice> notices) = await ReadAsync(journal.Feed(_time, configure: static options => options.ReadTimeout = TimeSpan.FromSeconds(20)));

        Assert.Equal([Pages.Position(0), Pages.Position(1)], positions);
        Assert.Equal($"?since={Pages.Position(0)}", journal.Queries[1]);
        Exception silence = Assert.Single(notices.OfType<JournalRetrying>()).Exception;
        Assert.Contains(nameof(JournalOptions.ReadTimeout), Assert.IsType<TimeoutException>(silence).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_PageThatLeadsNowhere_IsAskedForThriceAndIsThenTheEnd()
    {
        string own = $"?since={Pages.Position(0)}";
        ScriptedJournal journal = new ScriptedJournal().Page(0, 1, own).Page(0, 1, own).Page(0, 1, own).Page(0, 1, own);
        DateTimeOffset start = _time.GetUtcNow();

        (List<string> positions, List<JournalNotice> notices) = await ReadAsync(journal.Feed(_time));

        Assert.Equal([Pages.Position(0)], positions);
        Assert.Equal(JournalPosition.After(Pages.Position(0)), Assert.Single(notices.OfType<JournalCaughtUp>()).Position);
        Assert.Equal(4, journal.Queries.Count);
        Assert.Equal(2 * new JournalOptions().PollInterval, _time.GetUtcNow() - start);
    }

    [Fact]
    public async Task ReadAsync_NothingNewForLong_PollsLessOften()
    {
        ScriptedJournal journal = new ScriptedJournal().Nothing().Nothing().Nothing().Nothing().Page(0, 1);
        DateTimeOffset start = _time.GetUtcNow();

        await ReadToEndAsync(journal.Feed(_time, stopWhenCaughtUp: false), take: 1);

        Assert.Equal(TimeSpan.FromSeconds(2 + 4 + 8 + 10), _time.GetUtcNow() - start);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_EndsInTheMiddleOfAWait()
    {
        using CancellationTokenSource cancel = new();
        ScriptedJournal journal = new ScriptedJournal().Nothing(TimeSpan.FromHours(1));
        Task reading = ReadAllAsync();

        await _time.WaitForTimersAsync(cancellationToken: TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        async Task ReadAllAsync()
        {
            await foreach (JournalBatch _ in journal.Feed(_time, stopWhenCaughtUp: false).ReadAsync(cancel.Token))
            {
            }
        }
    }
}
