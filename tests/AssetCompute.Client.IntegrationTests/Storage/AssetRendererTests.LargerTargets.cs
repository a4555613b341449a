using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>Tests for renditions that are larger than expected.</summary>
public partial class AssetRendererTests
{
    [Fact]
    public async Task Render_LargerThanExpected_IsAskedForWithALargerTarget()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = 20 }]);

        Assert.True(result.Succeeded, result.ToString());
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_LargerThanExpectedAndNoLargerTarget_IsAResultBesideTheOthers()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.BeforeTarget = static options =>
        {
            if (options.MaxSize == 1000)
            {
                throw new AssetStorageException("No more targets.");
            }
        };

        RenderResult result = await setup.RenderAsync(
            [new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = 20 }, new FileRendition(setup.PathOf("b.png"))], new RenderOptions { MaxRenditionSize = 1000 });

        Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(result.Files[0].Event).Reason);
        Assert.Equal("No more targets.", Assert.IsType<AssetStorageException>(result.Files[0].Error).Message);
        Assert.True(result.Files[1].Succeeded);
        Assert.Equal(["b.png"], setup.Files);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_NoLargerTargetForOneOfTwo_IsTheErrorOfThatOneOnly()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        int targets = 0;
        setup.Storage.BeforeTarget = options =>
        {
            // The first target of this size is that of a.png.
            if (options.MaxSize == 21 && ++targets == 2)
            {
                throw new AssetStorageException("No more targets.");
            }
        };

        RenderResult result = await setup.RenderAsync(
            [new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = 21 }, new FileRendition(setup.PathOf("b.png")) { ExpectedMaxSize = 20 }],
            new RenderOptions { MaxRenditionSize = 21 });

        Assert.All(result.Files, static file => Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(file.Event).Reason));
        Assert.Null(result.Files[0].Error);
        Assert.Equal("No more targets.", result.Files[1].Error?.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Render_RequestForTheLargerTargetFails_DownloadsWhatCameBefore(bool silent)
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.BeforeTarget = options =>
        {
            if (options.MaxSize == 1000)
            {
                // At this point, the events of the first request are received.
                setup.Emulator.Faults.Next(silent ? EmulatorOperation.BlobWrite : EmulatorOperation.Process, silent ? EmulatorFault.Late(TimeSpan.FromMinutes(10)) : EmulatorFault.Answer(400));
            }
        };

        RenderResult result = await setup.RenderAsync(
            [new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = 20 }, new FileRendition(setup.PathOf("b.png"))],
            new RenderOptions { MaxRenditionSize = 1000, Timeout = TimeSpan.FromSeconds(silent ? 10 : 600) });

        Assert.True(result.Files[1].Succeeded, result.Files[1].ToString());
        Assert.Equal(["b.png"], setup.Files);
        Assert.False(result.Files[0].Succeeded);
        Assert.Equal(silent ? typeof(RenditionJobTimeoutException) : typeof(AssetComputeInvalidRequestException), result.Files[0].Error?.GetType());
        Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(result.Files[0].Event).Reason);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_SomeTooLarge_RequestsOnlyThoseOnceMore()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        RenderResult result = await setup.RenderAsync(
            [new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = 20 }, new FileRendition(setup.PathOf("b.nonsense")), new FileRendition(setup.PathOf("c.png")), new FileRendition(setup.PathOf("d.png")) { ExpectedMaxSize = 20 }]);

        Assert.Equal([true, false, true, true], result.Files.Select(static file => file.Succeeded));
        Assert.Equal(["a.png", "d.png"], setup.Jobs.Requests[1].Renditions.Select(static rendition => rendition.Name));
        Assert.Equal(["a.png", "c.png", "d.png"], setup.Files);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_TooLargeAgain_IsRequestedOnceMoreOnly()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = 20 }], new RenderOptions { MaxRenditionSize = 30 });

        Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(result.Files[0].Event).Reason);
        Assert.Null(result.Files[0].Error);
        Assert.Equal(2, setup.Jobs.Requests.Count);
    }

    [Fact]
    public async Task Render_LargerThanAllowed_Fails()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = 20 }], new RenderOptions { MaxRenditionSize = 20 });

        Assert.Equal(RenditionFailureReason.RenditionTooLarge, Assert.IsType<RenditionFailed>(result.Files[0].Event).Reason);
    }
}
