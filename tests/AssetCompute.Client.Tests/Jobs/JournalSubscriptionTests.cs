using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using AssetCompute.Client.Jobs;
using AssetCompute.Client.Tests.Journal;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Jobs;

public class JournalSubscriptionTests
{
    private static readonly TimeSpan s_patience = FakeService.Patience;
    private readonly ConcurrentDictionary<string, RenditionJob> _requestIds = new(StringComparer.Ordinal);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Start_DispatchThatThrows_EndsTheReadingAndItsJobsWithTheFirstFailure()
    {
        string account = Guid.NewGuid().ToString();
        using MeterListener listener = ThrowingListener(account);
        ScriptedJournal journal = new ScriptedJournal().Page(0, 1).Page(1, 1);
        JournalSubscription subscription = Subscription(journal);
        RenditionJob answered = Wait("own-0", subscription, account);
        RenditionJob waiting = Wait("own-1", subscription, account);

        subscription.Start();

        JournalException first = await Assert.ThrowsAsync<JournalException>(() => answered.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        JournalException second = await Assert.ThrowsAsync<JournalException>(() => waiting.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        Assert.IsType<DivideByZeroException>(first.InnerException);
        Assert.NotSame(first, second);
        Assert.True(subscription.HasEnded);
        Assert.False(subscription.TryEnter(Job("own-2", account)));
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task TryEnter_IdThatWaitsOnAnotherSubscription_IsRefusedUntilThatJobLeaves()
    {
        await using JournalSubscription one = Subscription(new ScriptedJournal());
        await using JournalSubscription other = Subscription(new ScriptedJournal());
        RenditionJob first = Wait("own", one, account: "");
        RenditionJob second = Job("own", account: "");

        Assert.Throws<ArgumentException>(() => other.TryEnter(second));
        second.Leave();
        Assert.Throws<ArgumentException>(() => other.TryEnter(second));

        first.Leave();
        Assert.True(other.TryEnter(second));
    }

    [Fact]
    public async Task Start_JournalThatAnswersWithoutWaiting_DoesNotHoldUpTheCaller()
    {
        using ManualResetEventSlim started = new();
        bool wasStarted = false;
        ScriptedJournal journal = new ScriptedJournal().Answer(() =>
        {
            wasStarted = started.Wait(s_patience);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Pages.Page(0, 1)) };
        });
        await using JournalSubscription subscription = Subscription(journal);
        RenditionJob job = Wait("own-0", subscription, account: "");

        subscription.Start();
        started.Set();

        await job.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.True(wasStarted);
    }

    [Fact]
    public async Task Start_PageWhoseLastEntryHasNoPosition_BringsItsEventsAndGoesOn()
    {
        ScriptedJournal journal = new ScriptedJournal()
            .Answer(static () => new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent($$"""{"events":[{"event":{{Pages.Event(0)}}}]}"""),
                Headers = { { "Link", "<?since=p>; rel=\"next\"" } },
            })
            .Page(3, 1);
        await using JournalSubscription subscription = Subscription(journal);
        RenditionJob first = Wait("own-0", subscription, account: "");
        RenditionJob second = Wait("own-3", subscription, account: "");

        subscription.Start();

        await first.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await second.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(["", "?since=p"], journal.Queries.Take(2));
    }

    private static MeterListener ThrowingListener(string account)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "asset_compute.renditions")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (account.Equals(tag.Value))
                {
                    throw new DivideByZeroException();
                }
            }
        });
        listener.Start();
        return listener;
    }

    private JournalSubscription Subscription(ScriptedJournal journal) =>
        new(journal.Feed(_time, JournalPosition.Oldest, stopWhenCaughtUp: false), JournalPosition.Oldest, _requestIds, _time);

    private RenditionJob Wait(string requestId, JournalSubscription subscription, string account)
    {
        RenditionJob job = Job(requestId, account);
        Assert.True(subscription.TryEnter(job));
        return job;
    }

    private RenditionJob Job(string requestId, string account)
    {
        ProcessRequest request = new() { RequestId = requestId, Source = new AssetSource { Url = "https://a.example/1.jpg" }, Renditions = [new Rendition()] };
        return new RenditionJob(requestId, request, new RenditionJobOptions(), new JobTelemetry(account, _time));
    }
}
