using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Storage;

public partial class AssetRendererTests
{
    [Fact]
    public async Task Render_File_WritesTheRenditionsAndLeavesNothingInTheStorage()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        await File.WriteAllBytesAsync(setup.PathOf("source.jpg"), [1, 2, 3], TestContext.Current.CancellationToken);
        List<RenderProgress> progress = [];

        RenderResult result = await setup.Renderer.RenderAsync(
            setup.PathOf("source.jpg"),
            [new FileRendition(setup.PathOf("a.png")), new FileRendition(setup.PathOf("new/folder/b.jpg"), new Rendition { Width = 10 })],
            new RenderOptions { Progress = new ProgressLog<RenderProgress>(progress) },
            TestContext.Current.CancellationToken);

        Assert.True(result.Succeeded, result.ToString());
        Assert.Equal(["a.png", "new/folder/b.jpg", "source.jpg"], setup.Files);
        Assert.Equal(RendererSetup.RenditionBytes, new FileInfo(setup.PathOf("a.png")).Length);
        Assert.Empty(setup.Emulator.Storage.Names);
        Assert.Empty(result.LeftBehind);
        Assert.Contains(progress, entry => entry is { Stage: RenderStage.Uploading, Bytes: 3, TotalBytes: 3 });
        Assert.Equal(2, progress.Count(entry => entry is { Stage: RenderStage.Rendered, Event: RenditionCreated, Path: not null }));
        Assert.Single(progress, entry => entry.Stage == RenderStage.Waiting);
        Assert.Equal(2, progress.Count(entry => entry.Stage == RenderStage.Completed));
        Assert.Equal(progress.Select(entry => entry.Fraction).Order(), progress.Select(entry => entry.Fraction));
        Assert.Equal(1, progress[^1].Fraction);
        Assert.All(progress, entry => Assert.Equal((setup.PathOf("source.jpg"), 1, entry.Fraction), (entry.Source, entry.Files, entry.OverallFraction)));
        Assert.Equal(setup.PathOf("source.jpg"), result.Source);
        Assert.Equal(2, progress.Count(entry => entry is { Stage: RenderStage.Downloading, Bytes: RendererSetup.RenditionBytes }));
        Assert.Equal(["a.png", "b.jpg"], result.Files.Select(file => file.Event!.Rendition.Name));
        AssetSource source = setup.Jobs.Requests[0].Source!;
        Assert.Equal(("source.jpg", 3L, "image/jpeg"), (source.Name, source.Size, source.MimeType));
    }

    [Fact]
    public async Task Render_OneRenditionFails_IsAResultBesideTheOthers()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png")), new FileRendition(setup.PathOf("b.nonsense"))]);

        Assert.False(result.Succeeded);
        Assert.True(result.Files[0].Succeeded);
        Assert.False(result.Files[1].Succeeded);
        Assert.Equal(RenditionFailureReason.RenditionFormatUnsupported, Assert.IsType<RenditionFailed>(result.Files[1].Event).Reason);
        Assert.Equal(["a.png"], setup.Files);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_RenditionInsideItsEvent_IsWrittenFromThere()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"), new Rendition { EmbedBinaryLimit = 1000 })]);

        Assert.True(result.Succeeded, result.ToString());
        Assert.Equal(RendererSetup.RenditionBytes, new FileInfo(setup.PathOf("a.png")).Length);
        Assert.Equal(0, setup.Storage.Opened);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_UrlsExpiredBeforeTheServiceCame_AreMadeAnewOnce()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Jobs.BeforeRun = _ =>
        {
            if (setup.Jobs.Requests.Count == 1)
            {
                setup.Clock.Shift += TimeSpan.FromMinutes(10);
            }

            return Task.CompletedTask;
        };

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))], new RenderOptions { UrlLifetime = TimeSpan.FromMinutes(5) });

        Assert.True(result.Succeeded, result.ToString());
        Assert.Equal(2, setup.Jobs.Requests.Count);
        Assert.NotEqual(setup.Jobs.Requests[0].Source!.Url, setup.Jobs.Requests[1].Source!.Url);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_SecondRequestAfterTheExpiryFails_KeepsWhatTheFirstBrought()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Jobs.BeforeRun = request =>
        {
            setup.Clock.Shift += TimeSpan.FromMinutes(10);
            return setup.Jobs.Requests.Count == 1 ? Task.CompletedTask : throw new AssetComputeUnavailableException("Down.");
        };

        RenderResult result = await setup.RenderAsync(
            [new FileRendition(setup.PathOf("a.png")), new FileRendition(setup.PathOf("b.nonsense"))], new RenderOptions { UrlLifetime = TimeSpan.FromMinutes(5) });

        Assert.Equal(2, setup.Jobs.Requests.Count);
        Assert.All(result.Files, file => Assert.IsType<RenditionFailed>(file.Event));
        Assert.Equal("Down.", Assert.IsType<AssetComputeUnavailableException>(result.Files[0].Error).Message);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_UrlsOfBothRequestsExpired_IsAResult()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Jobs.BeforeRun = _ =>
        {
            setup.Clock.Shift += TimeSpan.FromMinutes(10);
            return Task.CompletedTask;
        };

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))], new RenderOptions { UrlLifetime = TimeSpan.FromMinutes(5) });

        Assert.Equal(2, setup.Jobs.Requests.Count);
        Assert.IsType<RenditionFailed>(result.Files[0].Event);
    }

    [Fact]
    public async Task Render_NotInTime_KeepsWhatCame()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Jobs.BeforeRun = request => throw new RenditionJobTimeoutException("Late.")
        {
            RequestId = "r",
            Received = [new RenditionFailed { Rendition = request.Renditions[1], Reason = RenditionFailureReason.SourceCorrupt }],
        };

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png")), new FileRendition(setup.PathOf("b.png"))]);

        Assert.Equal("r", result.RequestId);
        Assert.IsType<RenditionJobTimeoutException>(result.Files[0].Error);
        Assert.Null(result.Files[0].Event);
        Assert.IsType<RenditionFailed>(result.Files[1].Event);
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_DownloadBreaks_IsBegunAnew()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.OnOpen = static (before, stored) => before > 0 ? stored : new StoredAsset(new MemoryStream([1, 2]), stored.Length, owner: stored);

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))]);

        Assert.True(result.Succeeded, result.ToString());
        Assert.Equal(2, setup.Storage.Opened);
    }

    [Fact]
    public async Task Render_OtherBytesThanWereRendered_AreNoFile()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.OnOpen = static (_, stored) => new StoredAsset(new MemoryStream(new byte[stored.Length]), stored.Length, owner: stored);
        await File.WriteAllTextAsync(setup.PathOf("a.png"), "before", TestContext.Current.CancellationToken);

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))]);

        Assert.False(result.Succeeded);
        Assert.Contains("SHA-1", Assert.IsType<AssetStorageException>(result.Files[0].Error).Message, StringComparison.Ordinal);
        Assert.Equal(["a.png"], setup.Files);
        Assert.Equal("before", await File.ReadAllTextAsync(setup.PathOf("a.png"), TestContext.Current.CancellationToken));
        Assert.Empty(setup.Emulator.Storage.Names);
    }

    [Fact]
    public async Task Render_Cancelled_CleansUpAllTheSame()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        using CancellationTokenSource cancelled = new();
        setup.Jobs.BeforeRun = _ => cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))], cancelled: cancelled));

        Assert.Empty(setup.Emulator.Storage.Names);
        Assert.Empty(setup.Files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Render_CompletionThatSucceedsButSaysOtherwise_LeavesNoRenditionInTheStorage(bool refusesToAbort)
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.LosesAnswersOfCommits = true;
        setup.Storage.RefusesToAbort = refusesToAbort;

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))]);

        Assert.Equal("The answer was lost.", result.Files[0].Error?.Message);
        Assert.Empty(setup.Emulator.Storage.Names);
        Assert.Equal(refusesToAbort ? 1 : 0, result.LeftBehind.Count);
    }

    [Fact]
    public async Task Render_WhatCannotBeRemoved_IsNamed()
    {
        await using RendererSetup setup = await RendererSetup.StartAsync();
        setup.Storage.RefusesToDelete = true;

        RenderResult result = await setup.RenderAsync([new FileRendition(setup.PathOf("a.png"))]);

        Assert.True(result.Succeeded);
        Assert.Equal(setup.Emulator.Storage.Names, result.LeftBehind.Order(StringComparer.Ordinal));
        Assert.Equal(2, result.LeftBehind.Count);
    }

    public static TheoryData<string, RenderOptions, long> OutOfRange => new()
    {
        { nameof(RenderOptions.Timeout), new RenderOptions { Timeout = TimeSpan.Zero }, 1 },
        { nameof(RenderOptions.Timeout), new RenderOptions { Timeout = TimeSpan.FromDays(60) }, 1 },
        { nameof(RenderOptions.Timeout), new RenderOptions { Timeout = TimeSpan.MaxValue }, 1 },
        { nameof(RenderOptions.UrlLifetime), new RenderOptions { UrlLifetime = TimeSpan.Zero }, 1 },
        { nameof(RenderOptions.UrlLifetime), new RenderOptions { UrlLifetime = TimeSpan.FromDays(366) }, 1 },
        { nameof(RenderOptions.UrlLifetime), new RenderOptions { UrlLifetime = TimeSpan.MaxValue }, 1 },
        { nameof(RenderOptions.MaxRenditionSize), new RenderOptions { MaxRenditionSize = 0 }, 1 },
        { nameof(FileRendition.ExpectedMaxSize), new RenderOptions(), 0 },
        { nameof(FileRendition.ExpectedMaxSize), new RenderOptions(), -1 },
    };

    [Fact]
    public async Task AddEmulatorStorage_OfANamedAccount_GivesARendererOfItsOwn()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("one", options =>
        {
            options.Endpoint = new Uri("http://127.0.0.1:1/");
            options.ImsEndpoint = options.Endpoint;
            options.OrganizationId = "o@AdobeOrg";
            options.ClientId = "c";
            options.ClientSecrets.Add("s");
        }).AddEmulatorStorage();
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetKeyedService<IAssetRenderer>("one"));
        Assert.IsType<EmulatorAssetStorage>(provider.GetKeyedService<IAssetStorage>("one"));
        Assert.Null(provider.GetService<IAssetRenderer>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    public async Task Renderer_WithoutAStorage_IsAnErrorThatNamesWhatToCall(string account)
    {
        ServiceCollection services = new();
        services.AddAssetCompute(account, options => options.UseEmulator(new Uri("http://127.0.0.1:1/")));
        await using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredKeyedService<IAssetRenderer>(account));

        Assert.All(["AddEmulatorStorage", "AddAzureBlobsStorage", "AddAmazonS3Storage", account], call => Assert.Contains(call, exception.Message, StringComparison.Ordinal));
    }
}
