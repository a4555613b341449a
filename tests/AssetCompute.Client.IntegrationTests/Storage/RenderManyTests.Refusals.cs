using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Storage;

public partial class RenderManyTests
{
    [Fact]
    public async Task RenderMany_TwoFilesWithOneOutput_AreRefusedBeforeAnythingIsSent()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "a.png");

        ArgumentException refused = Assert.Throws<ArgumentException>(() => { setup.Renderer.RenderManyAsync(files, cancellationToken: Token); });
        Assert.Throws<ArgumentException>(() => RenderPlan.Create(files));

        Assert.Contains(files[0].Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(files[1].Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("a.web.jpg", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, setup.Emulator.Calls.Count(EmulatorOperation.BlobWrite));
    }

    [Fact]
    public async Task RenderMany_OutputThatIsASource_IsRefused()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg");

        ArgumentException refused = Assert.Throws<ArgumentException>(() => RenderPlan.Create([new RenderFile(files[0].Path, [new FileRendition(files[0].Path)])]));

        Assert.Contains(files[0].Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderMany_InstructionsThatBreakARule_AreRefusedBeforeAnythingIsSent()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        await FilesAsync(setup, "a.jpg");
        IReadOnlyList<RenderFile> files = RenderFile.InFolder(setup.PathOf("photos"), setup.PathOf("out"), [new("web.jpg", new Rendition { Quality = 200 })]);

        Assert.Throws<InvalidProcessRequestException>(() => { setup.Renderer.RenderManyAsync(files, cancellationToken: Token); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { setup.Renderer.RenderManyAsync(files, new RenderManyOptions { MaxParallel = 0 }, Token); });
        Assert.Throws<ArgumentOutOfRangeException>(() => RenderPlan.Create(files, new RenderManyOptions { MaxAssets = 0 }));
        Assert.Equal(0, setup.Emulator.Calls.Count(EmulatorOperation.BlobWrite));
    }

    [Fact]
    public async Task RenderMany_MaxAssets_StopsBeforeTheFirstOneOverIt()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg", "c.jpg");
        RenderManyOptions options = new() { MaxAssets = 2 };

        RenderPlan plan = RenderPlan.Create(files, options);
        List<RenderResult> first = await RunAsync(setup, files, options);
        List<RenderResult> second = await RunAsync(setup, files, options);

        Assert.Equal((2, 4, 1, 6L), (plan.Files.Count, plan.Renditions, plan.FilesOverMaximum, plan.SourceBytes));
        Assert.Equal((2, 1), (first.Count, second.Count));
        Assert.Equal(3, setup.Emulator.Calls.Count(EmulatorOperation.Process));
    }

    [Fact]
    public async Task RenderMany_StateThatAnotherRunHolds_IsAnErrorThatNamesIt()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        IReadOnlyList<RenderFile> files = await FilesAsync(setup, "a.jpg", "b.jpg");
        await using IAsyncEnumerator<RenderResult> running = setup.Renderer.RenderManyAsync(files, cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await running.MoveNextAsync());

        IOException exception = await Assert.ThrowsAnyAsync<IOException>(() => RunAsync(setup, files));

        Assert.Contains(".asset-compute-state", exception.Message, StringComparison.Ordinal);
        Assert.Contains("another run", exception.Message, StringComparison.Ordinal);
    }
}
