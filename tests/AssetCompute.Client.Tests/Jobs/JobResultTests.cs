namespace AssetCompute.Client.Tests.Jobs;

public sealed class JobResultTests
{
    private static readonly ProcessRequest s_request = FakeService.Request("a", 2, "a");
    private readonly RenditionEvent _created = new RenditionCreated { Rendition = s_request.Renditions[0] };
    private readonly RenditionEvent _failed = new RenditionFailed { Rendition = s_request.Renditions[1] };

    [Fact]
    public void Succeeded_OnlyWhereEveryRenditionWasCreatedAndNothingElseFailed()
    {
        Assert.True(Result([_created, _created]).Succeeded);
        Assert.False(Result([_created, _failed]).Succeeded);
        Assert.False(Result([_created]).Succeeded);
        Assert.False(Result([]).Succeeded);
        Assert.False((Result([_created, _created]) with { Error = new TimeoutException() }).Succeeded);
    }

    [Fact]
    public void ToString_SaysHowManyWereCreatedAndTheError()
    {
        Assert.Equal("RenditionJobResult { RequestId = a, Created = 1 of 2, Error =  }", Result([_created, _failed]).ToString());
        Assert.Equal("RenditionJobResult { RequestId = a, Created = 1 of 2, Error = late }", (Result([_created]) with { Error = new TimeoutException("late") }).ToString());
    }

    [Fact]
    public void Defaults_AreWhatTheDocumentationSays()
    {
        RenditionJobOptions options = new();

        Assert.Equal(256, options.MaxInFlight);
        Assert.Equal(TimeSpan.FromHours(1), options.Timeout);
        Assert.Null(options.OnRendition);
    }

    private static RenditionJobResult Result(IReadOnlyList<RenditionEvent> renditions) => new() { RequestId = "a", Request = s_request, Renditions = renditions };
}
