using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>Renditions that are too large for their target, and are requested again with a larger target from the caller.</summary>
public sealed class LargerTargetsTests : IAsyncDisposable
{
    private readonly FakeService _service = new();
    private readonly TestAccount _account;
    private readonly List<RenditionFailed> _asked = [];
    private readonly List<RenditionEvent> _told = [];

    public LargerTargetsTests()
    {
        _account = _service.Account();

        // Renditions with a small target are too large, except the second one, which fails for another reason.
        _service.OnProcess = sent =>
        {
            for (int i = 0; i < sent["renditions"]!.AsArray().Count; i++)
            {
                JsonNode rendition = sent["renditions"]![i]!;
                if (rendition["target"]!.ToJsonString().Contains("small", StringComparison.Ordinal))
                {
                    _service.Fail(sent, i, (string)rendition["name"]! == "a-1" ? RenditionFailureReason.SourceCorrupt : RenditionFailureReason.RenditionTooLarge);
                }
                else
                {
                    _service.Create(sent, i);
                }
            }
        };
    }

    private CancellationToken Cancel => _service.Limit;

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task RunAsync_SomeTooLarge_AsksOnceMoreForThoseAndPutsThemInTheirPlaces()
    {
        ProcessRequest request = Request(small: [0, 1, 3], count: 5, requestId: "own");

        RenditionJobResult result = await RunAsync(request, failed => Target(failed, "large"));

        Assert.Equal([typeof(RenditionCreated), typeof(RenditionFailed), typeof(RenditionCreated), typeof(RenditionCreated), typeof(RenditionCreated)], result.Renditions.Select(answer => answer.GetType()));
        Assert.Equal(["a-0", "a-1", "a-2", "a-3", "a-4"], result.Renditions.Select(answer => answer.Rendition.Name));
        Assert.Equal(request.Renditions[0], _asked[0].Rendition);
        Assert.Equal(["a-0", "a-3"], _asked.Select(failed => failed.Rendition.Name));
        Assert.Equal(["a-0", "a-3"], _service.Processed[1]["renditions"]!.AsArray().Select(rendition => (string)rendition!["name"]!));
        Assert.NotEqual("own", (string)_service.Processed[1]["givenId"]!);
        Assert.Equal("own", result.RequestId);
        Assert.Same(request, result.Request);
    }

    [Fact]
    public async Task RunAsync_NoLargerTarget_LeavesTheFailureAsTheResult()
    {
        RenditionJobResult result = await RunAsync(Request(small: [0], count: 2), static _ => null);

        Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(result.Renditions[0]).Reason);
        Assert.Single(_asked);
        Assert.Single(_service.Processed);
    }

    [Fact]
    public async Task RunAsync_TooLargeAgain_IsAskedForOnce()
    {
        RenditionJobResult result = await RunAsync(Request(small: [0], count: 1), failed => Target(failed, "small-again"));

        Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(result.Renditions[0]).Reason);
        Assert.Equal(2, _service.Processed.Count);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task RunAsync_NobodyHasLargerTargets_ReturnsTheFailure()
    {
        RenditionJobResult result = await FakeService.JobsOf(_account).RunAsync(Request(small: [0], count: 1), cancellationToken: Cancel).WaitAsync(FakeService.Patience, Cancel);

        Assert.False(result.Succeeded);
        Assert.Single(_service.Processed);
    }

    [Fact]
    public async Task RunAsync_SecondRequestOutOfTime_KeepsWhatCameAndSaysWhy()
    {
        _service.OnProcess = OnlyTheFirst(sent => _service.Create(sent, 1));
        ProcessRequest request = Request(small: [0, 1, 3, 4], count: 5, requestId: "own");
        Task<RenditionJobResult> job = RunAsync(request, failed => Target(failed, "large"));
        await _service.WaitAsync(service => service.Processed.Count == 2);

        await FakeService.UntilAsync(() => _told.Count == 6 && IsOutOfTime(job));

        RenditionJobResult result = await job;
        Assert.Equal("own", result.RequestId);
        Assert.Equal(["a-0", "a-1", "a-2", "a-3", "a-4"], result.Renditions.Select(answer => answer.Rendition.Name));
        Assert.Equal(
            [typeof(RenditionFailed), typeof(RenditionFailed), typeof(RenditionCreated), typeof(RenditionCreated), typeof(RenditionFailed)],
            result.Renditions.Select(answer => answer.GetType()));
        RenditionJobTimeoutException late = Assert.IsType<RenditionJobTimeoutException>(result.Error);
        Assert.Equal(["a-0", "a-4"], late.Missing.Select(rendition => rendition.Name));
        Assert.Contains((string)_service.Processed[1]["givenId"]!, late.Message, StringComparison.Ordinal);
        Assert.Empty(FakeService.JobsOf(_account).TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task RunManyAsync_SecondRequestOutOfTime_KeepsWhatCame()
    {
        _service.OnProcess = OnlyTheFirst(static _ => { });
        Task<RenditionJobResult> job = FakeService.JobsOf(_account).RunManyAsync([Request(small: [0], count: 2)], Options(failed => Target(failed, "large")), Cancel).FirstAsync(Cancel).AsTask();
        await _service.WaitAsync(service => service.Processed.Count == 2);

        await FakeService.UntilAsync(() => _told.Count == 2 && IsOutOfTime(job));

        RenditionJobResult result = await job.WaitAsync(FakeService.Patience, Cancel);
        Assert.IsType<RenditionJobTimeoutException>(result.Error);
        Assert.Equal(["a-0", "a-1"], result.Renditions.Select(answer => answer.Rendition.Name));
    }

    [Fact]
    public async Task RunAsync_SecondRequestRefused_KeepsTheFirstResultsAndSaysWhy()
    {
        _service.Instead = request => _service.Processed.Count == 1 && request.RequestUri!.AbsolutePath == "/process"
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("""{"ok":false,"message":"No."}""") }
            : null;

        RenditionJobResult result = await RunAsync(Request(small: [0, 1], count: 3, requestId: "own"), failed => Target(failed, "large"));

        Assert.Equal([RenditionFailureReason.RenditionTooLarge, RenditionFailureReason.SourceCorrupt], result.Renditions.OfType<RenditionFailed>().Select(failed => failed.Reason));
        Assert.IsType<RenditionCreated>(result.Renditions[2]);
        Assert.Equal(HttpStatusCode.BadRequest, Assert.IsAssignableFrom<AssetComputeException>(result.Error).StatusCode);
        Assert.False(result.Succeeded);
        Assert.Equal("own", result.RequestId);
    }

    [Fact]
    public async Task RunAsync_CallerThrowsWhenAskedForATarget_KeepsTheResultsAndAsksForTheOthers()
    {
        RenditionJobResult result = await RunAsync(Request(small: [0, 2], count: 3), failed => failed.Rendition.Name == "a-0" ? throw new IOException("No room.") : Target(failed, "large"));

        Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(result.Renditions[0]).Reason);
        Assert.All(result.Renditions.Skip(1), answer => Assert.IsType<RenditionCreated>(answer));
        Assert.Equal("No room.", Assert.IsType<IOException>(result.Error).Message);
    }

    [Fact]
    public async Task RunAsync_CallerThrowsAndTheSecondRequestIsRefused_ReportsBoth()
    {
        _service.Instead = request => _service.Processed.Count == 1 && request.RequestUri!.AbsolutePath == "/process"
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("""{"ok":false,"message":"No."}""") }
            : null;

        RenditionJobResult result = await RunAsync(Request(small: [0, 2], count: 3), failed => failed.Rendition.Name == "a-0" ? throw new IOException("No room.") : Target(failed, "large"));

        AggregateException both = Assert.IsType<AggregateException>(result.Error);
        Assert.Equal("No room.", Assert.IsType<IOException>(both.InnerExceptions[0]).Message);
        Assert.Equal(HttpStatusCode.BadRequest, Assert.IsAssignableFrom<AssetComputeException>(both.InnerExceptions[1]).StatusCode);
    }

    [Fact]
    public async Task TakeSnapshot_WhileLargerRenditionsAreWaitedFor_HasTheWholeJobAsItWasHandedIn()
    {
        _service.OnProcess = OnlyTheFirst(static _ => { });
        ProcessRequest request = Request(small: [0], count: 2, requestId: "own");
        Task<RenditionJobResult> job = RunAsync(request, failed => Target(failed, "large"));
        await _service.WaitAsync(service => service.Processed.Count == 2);

        RenditionJobsSnapshot snapshot = FakeService.JobsOf(_account).TakeSnapshot();

        OpenRenditionJob open = Assert.Single(snapshot.Jobs);
        Assert.Equal(("own", 2), (open.Request.RequestId, open.Request.Renditions.Count));
        await using TestAccount next = _service.Account();
        _service.OnProcess = _service.CreateAll;
        RenditionJobResult resumed = await FakeService.JobsOf(next).ResumeAsync(snapshot, Options(failed => Target(failed, "large")), Cancel).SingleAsync(Cancel).AsTask().WaitAsync(FakeService.Patience, Cancel);
        Assert.True(resumed.Succeeded, resumed.ToString());
        Assert.Equal("own", resumed.RequestId);
        _service.CreateAll(_service.Processed[1]);
        Assert.True((await job).Succeeded);
        Assert.Empty(FakeService.JobsOf(_account).TakeSnapshot().Jobs);
    }

    /// <summary>Advances the clock until the job has ended. The current timer may still be the one of the first request.</summary>
    private bool IsOutOfTime(Task job)
    {
        if (!job.IsCompleted && _service.Time.NextTimer == new RenditionJobOptions().Timeout)
        {
            _service.Time.Advance(new RenditionJobOptions().Timeout);
        }

        return job.IsCompleted;
    }

    private static RenditionTarget Target(RenditionFailed failed, string name) => new Uri($"https://target.example/{name}/{failed.Rendition.Name}");

    private static ProcessRequest Request(int[] small, int count, string? requestId = null)
    {
        ProcessRequest request = FakeService.Request("a", count, requestId);
        return request with
        {
            Renditions = [.. request.Renditions.Select((rendition, i) => small.Contains(i) ? rendition with { Target = new Uri($"https://target.example/small/{i}") } : rendition)],
        };
    }

    /// <summary>Handles the first request as usual, and later requests as the test decides.</summary>
    private Action<JsonObject> OnlyTheFirst(Action<JsonObject> second)
    {
        Action<JsonObject> first = _service.OnProcess;
        return sent => (_service.Processed.Count == 1 ? first : second)(sent);
    }

    private RenditionJobOptions Options(Func<RenditionFailed, RenditionTarget?> larger) => new()
    {
        OnRendition = _told.Add,
        OnTooLarge = (failed, _) =>
        {
            _asked.Add(failed);
            return new ValueTask<RenditionTarget?>(larger(failed));
        },
    };

    private Task<RenditionJobResult> RunAsync(ProcessRequest request, Func<RenditionFailed, RenditionTarget?> larger) =>
        FakeService.JobsOf(_account).RunAsync(request, Options(larger), Cancel).WaitAsync(FakeService.Patience, Cancel);
}
