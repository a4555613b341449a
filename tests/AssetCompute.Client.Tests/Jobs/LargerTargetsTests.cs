using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>Renditions that were too large for their target, asked for once more where the caller has a larger one.</summary>
public sealed class LargerTargetsTests : IAsyncDisposable
{
    private readonly FakeService _service = new();
    private readonly TestAccount _account;
    private readonly List<RenditionFailed> _asked = [];

    public LargerTargetsTests()
    {
        _account = _service.Account();

        // What goes to a small target fails, and the second rendition of all fails for another reason.
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
        RenditionJobResult result = await FakeService.JobsOf(_account).RunAsync(Request(small: [0], count: 1), Cancel).WaitAsync(FakeService.Patience, Cancel);

        Assert.False(result.Succeeded);
        Assert.Single(_service.Processed);
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

    private Task<RenditionJobResult> RunAsync(ProcessRequest request, Func<RenditionFailed, RenditionTarget?> larger)
    {
        RenditionJobOptions options = new()
        {
            OnTooLarge = (failed, _) =>
            {
                _asked.Add(failed);
                return new ValueTask<RenditionTarget?>(larger(failed));
            },
        };
        return FakeService.JobsOf(_account).RunAsync(request, options, Cancel).WaitAsync(FakeService.Patience, Cancel);
    }
}
