using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests.Http;

namespace AssetCompute.Client.Tests.Jobs;

/// <summary>One request, from submission to result.</summary>
public sealed class RunTests : JobsBench
{
    [Fact]
    public async Task RunAsync_EventOfAnotherClientThatCannotBeRead_DoesNotEndTheJob()
    {
        Service.OnProcess = request =>
        {
            Service.Publish(FakeService.Deep(300));
            Service.Publish(new JsonObject { ["type"] = "rendition_created", ["rendition"] = 5 });
            Service.CreateAll(request);
        };

        Assert.True((await Jobs.RunAsync(FakeService.Request("a", 2), cancellationToken: Cancel).WaitAsync(FakeService.Patience, Cancel)).Succeeded);
    }

    [Fact]
    public async Task RunAsync_EventsInTheEnvelopeOfCloudEvents_CompleteTheJob()
    {
        Service.OnProcess = request =>
        {
            for (int i = 0; i < 2; i++)
            {
                Service.Publish(new JsonObject { ["specversion"] = "1.0", ["id"] = $"{i}", ["source"] = "urn:uuid:p", ["type"] = "asset_compute", ["data"] = FakeService.Event(request, i, "rendition_created") });
            }
        };

        Assert.True((await Jobs.RunAsync(FakeService.Request("a", 2), cancellationToken: Cancel).WaitAsync(FakeService.Patience, Cancel)).Succeeded);
    }

    [Fact]
    public async Task RunAsync_EventsInReverse_ReturnsThemInRequestOrderWithTheCallersOwnObjects()
    {
        Service.OnProcess = sent => Backwards(sent, 3);
        JsonObject userData = new() { ["id"] = 7 };
        ProcessRequest request = FakeService.Request("a", 3) with { UserData = userData };

        RenditionJobResult result = await RunAsync(request);

        Assert.True(result.Succeeded);
        Assert.Same(request, result.Request);
        Assert.Equal(request.Renditions, result.Renditions.Select(answer => answer.Rendition));
        Assert.All(result.Renditions, answer => Assert.Same(userData, answer.UserData));
        Assert.All(result.Renditions, answer => Assert.Equal(result.RequestId, answer.RequestId));
        Assert.Equal([100, 101, 102], result.Renditions.Cast<RenditionCreated>().Select(answer => answer.Metadata.Size));
    }

    [Fact]
    public async Task RunAsync_RequestWithAnId_IsSentAndAnsweredUnderIt()
    {
        RenditionJobResult result = await RunAsync(FakeService.Request("a", 1, requestId: "of-the-caller"));

        Assert.Equal("of-the-caller", result.RequestId);
        Assert.Equal("of-the-caller", Assert.Single(result.Renditions).RequestId);
    }

    [Fact]
    public async Task RunAsync_RequestsWithoutAnId_GetDifferentOnes()
    {
        ProcessRequest request = FakeService.Request("a", 1);

        string[] ids = [(await RunAsync(request)).RequestId, (await RunAsync(request)).RequestId];

        Assert.All(ids, id => Assert.True(Guid.TryParse(id, out _)));
        Assert.Equal(2, ids.Distinct().Count());
    }

    [Fact]
    public async Task RunAsync_FailedRendition_IsAResultAndNoError()
    {
        Service.OnProcess = sent =>
        {
            Service.Create(sent, 0);
            Service.Fail(sent, 1, RenditionFailureReason.SourceUnsupported);
        };

        RenditionJobResult result = await RunAsync(FakeService.Request("a", 2));

        Assert.False(result.Succeeded);
        Assert.Null(result.Error);
        Assert.Equal(RenditionFailureReason.SourceUnsupported, Assert.IsType<RenditionFailed>(result.Renditions[1]).Reason);
    }

    [Fact]
    public async Task RunAsync_EventsOfOthersAndOfUnknownKinds_ArePassedBy()
    {
        Service.OnProcess = sent =>
        {
            Service.Publish(new JsonObject { ["type"] = "of.tomorrow", ["requestId"] = (string)sent["givenId"]! });
            Service.Publish("just a text");
            JsonObject foreign = FakeService.Event(sent, 0, "rendition_failed");
            foreign["requestId"] = "of-another-client";
            foreign["rendition"]!["userData"]!["assetComputeClient"]!["request"] = "of-another-client";
            Service.Publish(foreign);
            JsonObject beyond = FakeService.Event(sent, 1, "rendition_failed");
            beyond["rendition"]!["userData"]!["assetComputeClient"]!["index"] = 2;
            Service.Publish(beyond);
            Service.CreateAll(sent);
        };

        Assert.True((await RunAsync(FakeService.Request("a", 2))).Succeeded);
    }

    [Fact]
    public async Task RunAsync_EventThatComesTwice_CountsAndIsToldOnce()
    {
        List<RenditionEvent> told = [];
        Service.OnProcess = sent =>
        {
            Service.Create(sent, 0);
            Service.Fail(sent, 0, RenditionFailureReason.GenericError);
            Service.Create(sent, 1);
        };

        RenditionJobResult result = await RunAsync(FakeService.Request("a", 2), new RenditionJobOptions { OnRendition = told.Add });

        Assert.True(result.Succeeded);
        Assert.Equal(result.Renditions, told);
    }

    [Fact]
    public async Task RunAsync_ServiceGivesAnotherIdAndEchoesNoMark_FindsTheEventsByThatId()
    {
        Service.OnProcess = static _ => { };
        Service.RequestId = sent => "given-for-" + sent;
        ProcessRequest request = FakeService.Request("a", 2, requestId: "own");
        Task<RenditionJobResult> job = RunAsync(request);
        await Service.WaitAsync(service => service.Processed.Count == 1);

        // Wait until the job is registered with both ids. Without the mark, the event has only the second one.
        await FakeService.UntilAsync(() => Service.Time.NextTimer == new RenditionJobOptions().Timeout);
        Unmarked(1);
        Unmarked(0);
        RenditionJobResult result = await job;

        Assert.Equal("own", result.RequestId);
        Assert.Equal(["given-for-own", "given-for-own"], result.Renditions.Select(answer => answer.RequestId));
        Assert.Equal(request.Renditions, result.Renditions.Select(answer => answer.Rendition));

        void Unmarked(int index)
        {
            JsonObject created = FakeService.Event(Service.Processed[0], index, "rendition_created");
            created["rendition"]!.AsObject().Remove("userData");
            Service.Publish(created);
        }
    }

    [Fact]
    public async Task RunAsync_UnmarkedEventsOfRenditionsOfOneName_AreToldApartByFormatAndOrder()
    {
        Rendition first = new() { Name = "same", Format = RenditionFormat.Png, Target = new Uri("https://target.example/1") };
        ProcessRequest request = FakeService.Request("a", 0) with { Renditions = [first, first with { Target = new Uri("https://target.example/2") }, first with { Format = "jpeg", Target = new Uri("https://target.example/3") }] };
        Service.OnProcess = sent =>
        {
            foreach (int index in (int[])[2, 0, 0, 0])
            {
                JsonObject created = FakeService.Event(sent, index, "rendition_created");
                created["rendition"]!.AsObject().Remove("userData");
                Service.Publish(created);
            }
        };

        RenditionJobResult result = await RunAsync(request);

        Assert.Equal(request.Renditions, result.Renditions.Select(answer => answer.Rendition));
        Assert.Equal([100, 100, 102], result.Renditions.Cast<RenditionCreated>().Select(answer => answer.Metadata.Size));
    }

    [Fact]
    public async Task RunAsync_TwoJobsUnderOneId_RefusesTheSecondAndFinishesTheFirst()
    {
        Service.OnProcess = static _ => { };
        ProcessRequest request = FakeService.Request("a", 1, requestId: "same");
        Task<RenditionJobResult> first = RunAsync(request);
        await Service.WaitAsync(service => service.Processed.Count == 1);

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(request));

        Assert.Contains("same", refused.Message, StringComparison.Ordinal);
        Assert.Single(Service.Processed);
        Service.CreateAll(Service.Processed[0]);
        Assert.True((await first).Succeeded);
    }

    [Fact]
    public async Task RunAsync_OnRenditionThatThrows_FailsItsOwnJobOnly()
    {
        Service.OnProcess = static _ => { };
        Task<RenditionJobResult> failing = RunAsync(FakeService.Request("a", 2), new RenditionJobOptions { OnRendition = static _ => throw new DivideByZeroException() });
        Task<RenditionJobResult> other = RunAsync(FakeService.Request("b", 1));
        await Service.WaitAsync(service => service.Processed.Count == 2);

        Service.Processed.ForEach(Service.CreateAll);

        await Assert.ThrowsAsync<DivideByZeroException>(() => failing);
        Assert.True((await other).Succeeded);
    }

    [Fact]
    public async Task RunAsync_InvalidRequest_IsRefusedBeforeAnythingIsSent()
    {
        await Assert.ThrowsAsync<InvalidProcessRequestException>(() => RunAsync(new ProcessRequest { Renditions = [] }));

        Assert.Equal(0, Service.Calls("/register"));
    }

    [Fact]
    public async Task RunAsync_RegistrationHasEnded_RegistersAnewOnce()
    {
        int refusals = 1;
        Service.Instead = request => request.RequestUri!.AbsolutePath == "/process" && refusals-- > 0
            ? new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("""{"ok":false}""") }
            : null;

        Assert.True((await RunAsync(FakeService.Request("a", 1))).Succeeded);
        Assert.Equal(2, Service.Calls("/register"));

        refusals = 2;
        await Assert.ThrowsAsync<AssetComputeNotRegisteredException>(() => RunAsync(FakeService.Request("b", 1)));
        Assert.Equal(3, Service.Calls("/register"));
        Assert.Empty(Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheWaitAndForgetsTheJob()
    {
        Service.OnProcess = static _ => { };
        using CancellationTokenSource cancel = new();
        Task<RenditionJobResult> job = Jobs.RunAsync(FakeService.Request("a", 1), cancellationToken: cancel.Token);
        await Service.WaitAsync(service => service.Processed.Count == 1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
        Assert.Empty(Jobs.TakeSnapshot().Jobs);
    }

    [Fact]
    public void RunAsync_NoRequest_ThrowsAtOnce()
    {
        Assert.Throws<ArgumentNullException>("request", () => { _ = Jobs.RunAsync(null!, cancellationToken: Cancel); });
        Assert.Throws<ArgumentNullException>("request", () => { _ = Jobs.RunAsync(null!, options: null, Cancel); });
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -2)]
    [InlineData(1, (45 * 86_400) + 1)]
    public void RunAsync_OptionsOutOfRange_ThrowsAtOnce(int maxInFlight, int timeoutSeconds)
    {
        RenditionJobOptions options = new() { MaxInFlight = maxInFlight, Timeout = TimeSpan.FromSeconds(timeoutSeconds) };

        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>("options", () => { _ = Jobs.RunAsync(FakeService.Request("a", 1), options, Cancel); });

        Assert.Contains(maxInFlight <= 0 ? nameof(options.MaxInFlight) : nameof(options.Timeout), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(45 * 86_400)]
    [InlineData(-1)]
    public async Task RunAsync_OptionsAtTheirBounds_AreTaken(int timeoutSeconds)
    {
        RenditionJobOptions options = new() { MaxInFlight = 1, Timeout = timeoutSeconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(timeoutSeconds) };

        Assert.True((await RunAsync(FakeService.Request("a", 1), options)).Succeeded);
    }

    private Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options = null) =>
        Jobs.RunAsync(request, options, Cancel).WaitAsync(FakeService.Patience, Cancel);

    private void Backwards(JsonObject sent, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            Service.Create(sent, i);
        }
    }
}
