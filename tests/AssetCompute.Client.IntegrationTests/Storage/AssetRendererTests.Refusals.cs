using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>Tests for arguments that are rejected before any upload.</summary>
public partial class AssetRendererTests
{
    [Fact]
    public async Task Render_ArgumentsThatBreakARule_AreRefused()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        string path = setup.PathOf("a.png");

        await Assert.ThrowsAsync<ArgumentException>(() => setup.RenderAsync([]));
        ArgumentException twice = await Assert.ThrowsAsync<ArgumentException>(() => setup.RenderAsync([new FileRendition(path), new FileRendition(path)]));
        Assert.Contains(path, twice.Message, StringComparison.Ordinal);
        Assert.Contains("photo.jpg", twice.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => setup.RenderAsync([new FileRendition(path)], new RenderOptions { Timeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => new FileRendition("without-extension"));
        Assert.Throws<ArgumentException>(() => new FileRendition(path, new Rendition { Target = new Uri("https://example.com/") }));
        Assert.Empty(setup.Jobs.Requests);
    }

    [Fact]
    public async Task Render_RenditionThatBreaksARule_IsRefusedBeforeTheUpload()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        InvalidProcessRequestException invalid = await Assert.ThrowsAsync<InvalidProcessRequestException>(
            () => setup.RenderAsync([new FileRendition(setup.PathOf("a.png")), new FileRendition(setup.PathOf("b.jpg"), new Rendition { Quality = 200 })]));

        Assert.Equal("Renditions[1].Quality", Assert.Single(invalid.Errors).PropertyPath);
        Assert.Equal(0, setup.Emulator.Calls.Count(EmulatorOperation.BlobWrite));
    }

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public async Task Render_ValueOutOfItsRange_IsRefusedBeforeTheUpload(string named, RenderOptions options, long expectedMaxSize)
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => setup.RenderAsync([new FileRendition(setup.PathOf("a.png")) { ExpectedMaxSize = expectedMaxSize }], options));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, setup.Emulator.Calls.Count(EmulatorOperation.BlobWrite));
        Assert.Empty(setup.Jobs.Requests);
    }

    [Fact]
    public async Task Render_UrlsThatTheStorageCannotSign_IsRefusedBeforeTheUpload()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.LongestLifetime = TimeSpan.FromDays(7);

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>("options", () => setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))], new RenderOptions { UrlLifetime = TimeSpan.FromDays(8) }));

        Assert.Contains(nameof(RenderOptions.UrlLifetime), refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, setup.Emulator.Calls.Count(EmulatorOperation.BlobWrite));
    }

    [Fact]
    public async Task Render_FileWithOptionsOutOfRange_IsRefusedBeforeTheFileIsOpened()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("options", () =>
            setup.Renderer.RenderAsync(setup.PathOf("missing.png"), [new FileRendition(setup.PathOf("a.png"))], new RenderOptions { MaxRenditionSize = 0 }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Render_DefaultLifetimeThatTheStorageCannotSign_TakesTheStoragesOwn()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.LongestLifetime = TimeSpan.FromHours(2);

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))]);

        Assert.True(result.Succeeded, result.ToString());
    }
}
