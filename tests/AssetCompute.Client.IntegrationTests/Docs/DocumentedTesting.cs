using AssetCompute.Client.Tests.Time;
using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Runs the code samples of docs/testing.md.</summary>
public sealed class DocumentedTesting
{
    [Fact]
    public async Task Publish_RenditionFailed_KeepsTheOldPicture()
    {
        var jobs = new StubJobs(request => new RenditionFailed
        {
            RequestId = "1",
            Rendition = request.Renditions[0],
            Reason = RenditionFailureReason.SourceCorrupt,
        });
        var publisher = new ThumbnailPublisher(jobs);

        bool published = await publisher.PublishAsync(new Uri("https://storage.example/photo.jpg"), new Uri("https://storage.example/thumbnail.png"), TestContext.Current.CancellationToken);

        Assert.False(published);
    }

    /// <summary>Runs the code samples of docs/emulator-faults.md.</summary>
    [Fact]
    public async Task Faults_OfRenditionsAndAssets_FailThemWithTheirReasons()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(TestContext.Current.CancellationToken);
        emulator.Faults.Rendition("web.png", "SourceCorrupt");                          // by the rendition's name, or its target's
        emulator.Faults.Asset("*.tif", "SourceUnsupported", "No TIFF today.");          // all renditions of an asset
        emulator.Faults.Add(new() { Name = "web.png", Reason = "RenditionTooLarge", Nth = 2, Times = 1 });  // the second one only
        emulator.Faults.Add(new() { Asset = "photo.jpg", Reason = "SourceCorrupt", From = TimeSpan.FromSeconds(60), Until = TimeSpan.FromSeconds(90) });  // for half a minute
        await emulator.Storage.PutAsync("photo.png", OnePixel, "image/png", TestContext.Current.CancellationToken);
        await using var client = AssetComputeClient.Create(options => Configure(options, emulator));

        RenditionJobResult result = await client.Jobs.RunAsync(
            new ProcessRequest
            {
                Source = emulator.Storage.CreateReadUrl("photo.png"),
                Renditions = [new Rendition { Name = "web.png", Format = RenditionFormat.Png, Target = emulator.Storage.CreateWriteUrl("web.png") }],
            },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(RenditionFailureReason.SourceCorrupt, Assert.IsType<RenditionFailed>(Assert.Single(result.Renditions)).Reason);
    }

    [Fact]
    public async Task Publish_UploadRefusedOnce_IsNoticed()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero, TestContext.Current.CancellationToken);
        await emulator.Storage.PutAsync("photo.png", OnePixel, "image/png", TestContext.Current.CancellationToken);
        await using var provider = ServicesOf(emulator);
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Answer(403));

        bool published = await provider.GetRequiredService<ThumbnailPublisher>().PublishAsync(
            emulator.Storage.CreateReadUrl("photo.png"),
            emulator.Storage.CreateWriteUrl("thumbnail.png"),
            TestContext.Current.CancellationToken);

        Assert.False(published);
        Assert.False(emulator.Storage.Exists("thumbnail.png"));
        Assert.Equal(1, emulator.Calls.Count(EmulatorOperation.Process));
    }

    [Fact]
    public async Task Faults_OfThePage()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
        AssetComputeEmulator emulator = account.Emulator;

        emulator.Faults.Next(EmulatorOperation.Process, EmulatorFault.Answer(429, retryAfter: TimeSpan.FromSeconds(1)), calls: 2);
        emulator.Faults.Next(EmulatorOperation.Journal, EmulatorFault.Truncate());
        emulator.Faults.Share(EmulatorOperation.Journal, 0.3, EmulatorFault.Answer(503), seed: 1);
        emulator.Faults.Journal.DuplicateShare = 0.5;
        emulator.Faults.RevokeTokens();

        RenditionJobResult result = await account.Client.Jobs.RunAsync(account.Request("photo", 3), cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(result.Succeeded, $"{result}");
        Assert.Equal(3, emulator.Calls.Count(EmulatorOperation.Process));
    }

    [Fact]
    public async Task Publish_UrlThatHasExpired_IsNoticed()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, TestContext.Current.CancellationToken);
        await emulator.Storage.PutAsync("photo.png", OnePixel, "image/png", TestContext.Current.CancellationToken);
        await using var provider = ServicesOf(emulator);
        Uri photo = emulator.Storage.CreateReadUrl("photo.png", lifetime: TimeSpan.FromMinutes(10));
        Uri thumbnail = emulator.Storage.CreateWriteUrl("thumbnail.png");

        clock.Advance(TimeSpan.FromMinutes(11)); // longer than the URL is valid
        bool published = await provider.GetRequiredService<ThumbnailPublisher>().PublishAsync(photo, thumbnail, TestContext.Current.CancellationToken);

        Assert.False(published);
    }

    [Fact]
    public void Models_CanBeMade()
    {
        var created = new RenditionCreated
        {
            RequestId = "1",
            Rendition = new Rendition { Name = "web.jpg" },
            Metadata = new RenditionMetadata { Size = 1234, ImageWidth = 1280, ImageHeight = 960, Format = "image/jpeg" },
        };
        var entry = new JournalEntry(JournalPosition.After("rabbit:1"), """{ "type": "rendition_failed", "requestId": "1", "errorReason": "SourceCorrupt" }"""u8.ToArray());

        Assert.Equal("web.jpg", created.Rendition.Name);
        Assert.Equal(RenditionFailureReason.SourceCorrupt, Assert.IsType<RenditionFailed>(entry.Event).Reason);
    }

    private static byte[] OnePixel => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static ServiceProvider ServicesOf(AssetComputeEmulator emulator)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ThumbnailPublisher>();
        services.AddAssetCompute(options => Configure(options, emulator));
        return services.BuildServiceProvider();
    }

    private static void Configure(AssetComputeOptions options, AssetComputeEmulator emulator)
    {
        options.UseEmulator(emulator.Endpoint);
        options.Journal.PollInterval = TimeSpan.FromMilliseconds(20); // the default of 2 seconds is for Adobe's service
    }
}
