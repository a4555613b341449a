using System.Collections.Concurrent;
using System.Diagnostics;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>The context of a call does not flow to work that outlives the call. The work of a job has the context and the options of that job.</summary>
public sealed class JobContextTests : JobsBench
{
    private static readonly AsyncLocal<string?> s_tenant = new();

    [Fact]
    public async Task RunAsync_OptionsThatChangeAfterTheCall_ApplyToTheNextCallOnly()
    {
        List<string> first = [], second = [];
        Service.OnProcess = static _ => { };
        RenditionJobOptions options = new() { OnRendition = answer => first.Add(answer.RequestId!) };
        Task<RenditionJobResult> job = Jobs.RunAsync(FakeService.Request("a", 1, requestId: "a"), options, Cancel);
        await Service.WaitAsync(service => service.Processed.Count == 1);

        options.OnRendition = answer => second.Add(answer.RequestId!);
        Service.OnProcess = Service.CreateAll;
        Service.CreateAll(Service.Processed[0]);
        Assert.True((await job.WaitAsync(FakeService.Patience, Cancel)).Succeeded);
        Assert.True((await Jobs.RunAsync(FakeService.Request("b", 1, requestId: "b"), options, Cancel).WaitAsync(FakeService.Patience, Cancel)).Succeeded);

        Assert.Equal(["a"], first);
        Assert.Equal(["b"], second);
    }

    [Fact]
    public async Task RunAsync_FirstJobOfACall_SubscriptionTakesNothingOfTheCallsContext()
    {
        ConcurrentQueue<string?> reads = [];
        ConcurrentQueue<string?> calls = [];
        Service.Instead = request =>
        {
            if (request.RequestUri!.AbsolutePath == "/process")
            {
                calls.Enqueue(s_tenant.Value);
            }
            else if (request.RequestUri.AbsolutePath == "/events/1" && !request.RequestUri.Query.Contains("latest", StringComparison.Ordinal))
            {
                reads.Enqueue(s_tenant.Value);
            }

            return null;
        };

        await RunAsAsync("first", onRendition: null);
        await RunAsAsync("second", onRendition: null);

        Assert.Equal(["first", "second"], calls);
        Assert.NotEmpty(reads);
        Assert.All(reads, Assert.Null);
    }

    [Fact]
    public async Task RunAsync_OnRendition_HasTheContextOfItsOwnJob()
    {
        ConcurrentQueue<(string Tenant, string? Context)> seen = [];

        await RunAsAsync("first", _ => seen.Enqueue(("first", s_tenant.Value)));
        await RunAsAsync("second", _ => seen.Enqueue(("second", s_tenant.Value)));

        Assert.Equal([("first", "first"), ("second", "second")], seen);
    }

    [Fact]
    public async Task RunAsync_Span_IsTheParentOfTheCallAndLinkedByTheSubscription()
    {
        using Spans spans = new(ActivitySamplingResult.AllDataAndRecorded);
        string id = Guid.NewGuid().ToString();
        using ActivitySource source = new("caller-" + id);
        using Activity caller = source.StartActivity("caller")!;

        await RunAsAsync("a", onRendition: null, id);
        await Account.DisposeAsync();

        Activity job = spans.Of(id, "Rendition job");
        Activity process = spans.Of(id, "POST /process");
        Assert.Equal(caller.SpanId, job.ParentSpanId);
        Assert.Equal(job.SpanId, process.ParentSpanId);
        Assert.Equal(1, job.GetTagItem("asset_compute.renditions"));
        Assert.Equal(0, job.GetTagItem("asset_compute.renditions.failed"));
        Assert.NotEqual(ActivityStatusCode.Error, job.Status);
        Activity[] reads = [.. spans.All.Where(span => span.OperationName == "Reading the journal" && span.Links.Any(link => link.Context.TraceId == caller.TraceId))];
        Assert.NotEmpty(reads);
        Assert.All(reads, read => Assert.Equal(default, read.ParentSpanId));
        Assert.All(reads, read => Assert.NotEqual(caller.TraceId, read.TraceId));
    }

    [Fact]
    public async Task RunAsync_RequestWhoseActivityNobodyRecords_SpansAreRecordedAsARoot()
    {
        using Spans spans = new(sampled: null);
        string id = Guid.NewGuid().ToString();

        // ASP.NET Core creates this activity even if its instrumentation is not registered.
        using Activity request = new Activity("Microsoft.AspNetCore.Hosting.HttpRequestIn").Start();
        await RunAsAsync("a", onRendition: null, id);

        Activity job = spans.Of(id, "Rendition job");
        Activity process = spans.Of(id, "POST /process");
        Assert.Equal(default, job.ParentSpanId);
        Assert.Equal(request.SpanId, Assert.Single(job.Links).Context.SpanId);
        Assert.Equal(job.SpanId, process.ParentSpanId);
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task RunAsync_JobThatFails_SpanHasTheError()
    {
        using Spans spans = new(ActivitySamplingResult.AllDataAndRecorded);
        string id = Guid.NewGuid().ToString();
        Service.OnProcess = static _ => { };
        Task job = Jobs.RunAsync(FakeService.Request("a", 1, id), new RenditionJobOptions { Timeout = TimeSpan.FromMinutes(1) }, Cancel);
        await Service.WaitAsync(service => service.Processed.Count == 1);
        await FakeService.UntilAsync(() => Service.Time.NextTimer is not null);
        while (!job.IsCompleted)
        {
            Service.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(1, Cancel);
        }

        await Assert.ThrowsAsync<RenditionJobTimeoutException>(() => job);
        Activity span = spans.Of(id, "Rendition job");
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(typeof(RenditionJobTimeoutException).FullName, span.GetTagItem("error.type"));
    }

    private async Task RunAsAsync(string tenant, Action<RenditionEvent>? onRendition, string? requestId = null)
    {
        s_tenant.Value = tenant;
        RenditionJobResult result = await Jobs.RunAsync(FakeService.Request(tenant, 1, requestId), new RenditionJobOptions { OnRendition = onRendition }, Cancel).WaitAsync(FakeService.Patience, Cancel);
        Assert.True(result.Succeeded);
    }

    /// <summary>Collects the spans that have ended.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = [];
        private readonly ActivityListener _listener;

        /// <param name="sampled">The sampling result, or null to record spans without a parent or with a recorded parent, like a parent-based sampler.</param>
        public Spans(ActivitySamplingResult? sampled)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == "AssetCompute.Client" || source.Name.StartsWith("caller-", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                    sampled ?? (options.Parent == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None),
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IEnumerable<Activity> All => _ended;

        public Activity Of(string requestId, string name) =>
            Assert.Single(_ended, span => span.OperationName == name && requestId.Equals(span.GetTagItem("asset_compute.request_id")));

        public void Dispose() => _listener.Dispose();
    }
}
