using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>Jobs that outlive the process: how they are saved, and how another process waits for them.</summary>
public sealed class SnapshotTests : JobsBench
{
    public SnapshotTests() => Service.OnProcess = static _ => { };

    [Fact]
    public async Task TakeSnapshot_JobsThatWait_AreThereByAgeFromWhereTheOldestBegan()
    {
        Service.Publish("before all");
        Service.Publish("before all");
        Task[] running = [Start("a"), Start("b", "its-own")];
        Service.RequestId = sent => "other-" + sent;
        running = [.. running, Start("c")];
        await Service.WaitAsync(service => service.Processed.Count == 3);

        RenditionJobsSnapshot snapshot = Jobs.TakeSnapshot();

        Assert.Equal(["a-0", "b-0", "c-0"], snapshot.Jobs.Select(job => job.Request.Renditions[0].Name));
        Assert.Equal("its-own", snapshot.Jobs[1].Request.RequestId);
        Assert.Equal(Service.Processed.Take(2).Select(sent => (string)sent["givenId"]!), snapshot.Jobs.Take(2).Select(job => job.Request.RequestId));
        Assert.All(snapshot.Jobs, job => Assert.Equal(JournalPosition.After(FakeService.Position(1)), job.Position));
        Service.Processed.ForEach(Service.CreateAll);
        await Task.WhenAll(running).WaitAsync(FakeService.Patience, Cancel);
        Assert.Empty(Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task TakeSnapshot_OldJobDoneMeanwhile_StartsWhereTheNextOneBegan()
    {
        Task first = Start("a");
        await Service.WaitAsync(service => service.Processed.Count == 1);
        Service.CreateAll(Service.Processed[0]);
        await first;
        Task second = Start("b");
        await Service.WaitAsync(service => service.Processed.Count == 2);

        Assert.Equal(JournalPosition.After(FakeService.Position(0)), Assert.Single(Jobs.TakeSnapshot().Jobs).Position);

        Service.CreateAll(Service.Processed[1]);
        await second;
    }

    [Fact]
    public async Task ResumeAsync_JobsOfAnEndedProcess_AreAwaitedFromTheirPosition()
    {
        Service.Publish("before all");
        Task abandoned = Start("a", renditions: 2);
        Task alsoAbandoned = Start("b");
        await Service.WaitAsync(service => service.Processed.Count == 2);
        byte[] saved = Jobs.TakeSnapshot().ToJson();
        await Account.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => abandoned);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => alsoAbandoned);
        Service.Processed.ForEach(Service.CreateAll);
        await using TestAccount next = Service.Account();
        List<RenditionEvent> told = [];

        List<RenditionJobResult> results = await FakeService.JobsOf(next)
            .ResumeAsync(RenditionJobsSnapshot.FromJson(saved), new RenditionJobOptions { OnRendition = told.Add }, Cancel).ToListAsync(Cancel);

        Assert.Equal(["a-0", "b-0"], results.Select(result => result.Request.Renditions[0].Name).Order());
        Assert.All(results, result => Assert.True(result.Succeeded, result.ToString()));
        Assert.Equal(3, told.Count);
        Assert.Equal(2, Service.Processed.Count);
        Assert.Empty(FakeService.JobsOf(next).TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task ResumeAsync_JobsOfTwoPositions_AreReadSideBySideAndKeepThem()
    {
        Service.Publish("zero");
        Service.Publish("one");
        JournalPosition early = JournalPosition.After(FakeService.Position(0));
        JournalPosition late = JournalPosition.After(FakeService.Position(1));
        RenditionJobsSnapshot snapshot = new()
        {
            Jobs = [new OpenRenditionJob { Request = FakeService.Request("a", 1, "a"), Position = early }, new OpenRenditionJob { Request = FakeService.Request("b", 1, "b"), Position = late }, new OpenRenditionJob { Request = FakeService.Request("c", 1, "c"), Position = early }],
        };
        Task<List<RenditionJobResult>> resumed = Jobs.ResumeAsync(snapshot, cancellationToken: Cancel).ToListAsync(Cancel).AsTask();
        await Service.WaitAsync(service => service.Calls("/events/1", "since=" + FakeService.Position(1)) >= 2);

        RenditionJobsSnapshot again = Jobs.TakeSnapshot();

        Assert.Equal(["a", "b", "c"], again.Jobs.Select(job => job.Request.RequestId!).Order());
        Assert.Equal([early, early], again.Jobs.Where(job => job.Request.RequestId != "b").Select(job => job.Position));
        Assert.Equal(late, again.Jobs.Single(job => job.Request.RequestId == "b").Position);
        foreach (string id in (string[])["a", "b", "c"])
        {
            Service.Publish(FakeService.Event(Sent(id), 0, "rendition_created"));
        }

        Assert.All(await resumed.WaitAsync(FakeService.Patience, Cancel), result => Assert.True(result.Succeeded, result.ToString()));
    }

    [Fact]
    public async Task RunAsync_IdOfAResumedJob_IsRefusedAndNothingIsSent()
    {
        RenditionJobsSnapshot snapshot = new() { Jobs = [new OpenRenditionJob { Request = FakeService.Request("a", 1, "a"), Position = JournalPosition.Oldest }] };
        Task<List<RenditionJobResult>> resumed = Jobs.ResumeAsync(snapshot, cancellationToken: Cancel).ToListAsync(Cancel).AsTask();
        await FakeService.UntilAsync(() => Jobs.TakeSnapshot().Jobs.Count == 1);

        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => Jobs.RunAsync(FakeService.Request("b", 1, "a"), cancellationToken: Cancel));

        Assert.Contains("waits under the same RequestId: a", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Service.Processed);
        Service.Publish(FakeService.Event(Sent("a"), 0, "rendition_created"));
        Assert.True(Assert.Single(await resumed.WaitAsync(FakeService.Patience, Cancel)).Succeeded);
    }

    [Fact]
    public async Task ResumeAsync_JobOutOfTime_SaysSoInItsResult()
    {
        RenditionJobsSnapshot snapshot = new() { Jobs = [new OpenRenditionJob { Request = FakeService.Request("a", 1, "a"), Position = JournalPosition.Oldest }] };
        RenditionJobOptions options = new() { Timeout = TimeSpan.FromMinutes(5) };
        Task<List<RenditionJobResult>> resumed = Jobs.ResumeAsync(snapshot, options, Cancel).ToListAsync(Cancel).AsTask();
        await FakeService.UntilAsync(() => Service.Time.NextTimer == options.Timeout);

        Service.Time.Advance(options.Timeout);

        RenditionJobResult result = Assert.Single(await resumed);
        Assert.Equal("a", result.RequestId);
        Assert.IsType<RenditionJobTimeoutException>(result.Error);
    }

    [Fact]
    public async Task ResumeAsync_OneOfTwoIsDone_TheOtherAloneIsInTheSnapshot()
    {
        RenditionJobsSnapshot snapshot = new() { Jobs = [new OpenRenditionJob { Request = FakeService.Request("a", 1, "a"), Position = JournalPosition.Oldest }, new OpenRenditionJob { Request = FakeService.Request("b", 1, "b"), Position = JournalPosition.Oldest }] };
        Service.Publish(FakeService.Event(Sent("b"), 0, "rendition_created"));
        await using IAsyncEnumerator<RenditionJobResult> results = Jobs.ResumeAsync(snapshot, cancellationToken: Cancel).GetAsyncEnumerator(Cancel);

        Assert.True(await results.MoveNextAsync());

        Assert.Equal("b", results.Current.RequestId);
        Assert.Equal("a", Assert.Single(Jobs.TakeSnapshot().Jobs).Request.RequestId);
        Service.Publish(FakeService.Event(Sent("a"), 0, "rendition_created"));
        Assert.True(await results.MoveNextAsync());
        Assert.Empty(Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task DisposeAsync_WhileResumedJobsWaitForTheirJournal_EndsAtOnce()
    {
        Service.Instead = static request => request.RequestUri!.AbsolutePath == "/events/1" ? new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { Content = new StringContent("") } : null;
        RenditionJobsSnapshot snapshot = new() { Jobs = [new OpenRenditionJob { Request = FakeService.Request("a", 1, "a"), Position = JournalPosition.Oldest }] };
        Task resumed = Jobs.ResumeAsync(snapshot, cancellationToken: Cancel).ToListAsync(Cancel).AsTask();
        await Service.WaitAsync(static service => service.Calls("/events/1") == 1);

        await Account.DisposeAsync().AsTask().WaitAsync(FakeService.Patience, Cancel);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => resumed);
    }

    [Fact]
    public async Task ResumeAsync_NoJobs_Ends() =>
        Assert.Empty(await Jobs.ResumeAsync(new RenditionJobsSnapshot { Jobs = [] }, cancellationToken: Cancel).ToListAsync(Cancel));

    [Fact]
    public async Task ResumeAsync_BadArguments_Throws()
    {
        await Assert.ThrowsAsync<ArgumentNullException>("snapshot", async () => await Jobs.ResumeAsync(null!, cancellationToken: Cancel).ToListAsync(Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("options", async () =>
            await Jobs.ResumeAsync(new RenditionJobsSnapshot { Jobs = [] }, new RenditionJobOptions { MaxInFlight = 0 }, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task ResumeAsync_LeftEarly_EndsTheWaits()
    {
        RenditionJobsSnapshot snapshot = new() { Jobs = [new OpenRenditionJob { Request = FakeService.Request("a", 1, "a"), Position = JournalPosition.Oldest }, new OpenRenditionJob { Request = FakeService.Request("b", 1, "b"), Position = JournalPosition.Oldest }] };
        Service.Publish(FakeService.Event(Sent("b"), 0, "rendition_created"));

        await foreach (RenditionJobResult result in Jobs.ResumeAsync(snapshot, cancellationToken: Cancel))
        {
            Assert.Equal("b", result.RequestId);
            break;
        }

        Assert.Empty(Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public void ToJson_ReadBack_SaysTheSame()
    {
        RenditionJobsSnapshot snapshot = new()
        {
            Jobs = [new OpenRenditionJob { Request = FakeService.Request("a", 2, "a"), Position = JournalPosition.Oldest }, new OpenRenditionJob { Request = FakeService.Request("b", 1, "b"), Position = JournalPosition.After("p:1") }],
        };

        RenditionJobsSnapshot read = RenditionJobsSnapshot.FromJson(snapshot.ToJson());

        Assert.Equal(snapshot.Jobs.Select(job => (job.Position, job.Request.RequestId)), read.Jobs.Select(job => (job.Position, job.Request.RequestId)));
        Assert.Equal(snapshot.Jobs.SelectMany(job => job.Request.Renditions).Select(Text), read.Jobs.SelectMany(job => job.Request.Renditions).Select(Text));

        static string Text(Rendition rendition) => rendition.ToString();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"jobs":[null]}""")]
    [InlineData("""{"jobs":[{"requestId":"a"}]}""")]
    [InlineData("""{"jobs":[{"requestId":"a","position":"oldest"}]}""")]
    [InlineData("""{"jobs":[{"position":"oldest","request":{"renditions":[]}}]}""")]
    [InlineData("""{"jobs":[{"requestId":"a","position":"x","request":{"renditions":[]}}]}""")]
    [InlineData("rubbish")]
    public void FromJson_NoSnapshot_SaysSo(string json) =>
        Assert.Throws<FormatException>(() => RenditionJobsSnapshot.FromJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void ToString_OfASnapshot_HasNoSecret()
    {
        ProcessRequest request = FakeService.Request("a", 1, "a") with { Source = new Uri("https://source.example/1.jpg?sig=secret") };
        RenditionJobsSnapshot snapshot = new() { Jobs = [new OpenRenditionJob { Request = request, Position = JournalPosition.Oldest }] };

        Assert.DoesNotContain("secret", snapshot.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", snapshot.Jobs[0].ToString(), StringComparison.Ordinal);
    }

    private static JsonObject Sent(string id) => new()
    {
        ["givenId"] = id,
        ["source"] = "https://source.example/1.jpg",
        ["renditions"] = new JsonArray(new JsonObject { ["name"] = $"{id}-0", ["fmt"] = "png" }),
    };

    private Task<RenditionJobResult> Start(string prefix, string? requestId = null, int renditions = 1) => Jobs.RunAsync(FakeService.Request(prefix, renditions, requestId), cancellationToken: Cancel);
}
