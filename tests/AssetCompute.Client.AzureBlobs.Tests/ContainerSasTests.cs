using System.Net;
using AssetCompute.Client.StorageTests;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Tests for a container SAS that the application renews.</summary>
public sealed class ContainerSasTests(AzuriteFixture fixture)
    : AzureBlobsContract(options => new AzureBlobsStorage(_ => ValueTask.FromResult(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1))), options))
{
    protected override BlobContainerClient Container { get; } = AzuriteContainer.ClientOf(fixture.Server.Endpoint);

    [Fact]
    public async Task Urls_NeededForLongerThanTheSasLives_AreAnErrorThatSaysSo()
    {
        using AzureBlobsStorage storage = new(new BlobContainerClient(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddHours(1))));

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.CreateReadUrlAsync("a", cancellationToken: Token));

        Assert.Contains("Create a SAS that expires later", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", exception.ToString(), StringComparison.Ordinal);
        Assert.NotNull(await storage.CreateReadUrlAsync("a", TimeSpan.FromMinutes(50), Token));
    }

    [Fact]
    public async Task Sas_ThatEndsTooSoon_IsAskedForAnewAndOnlyThen()
    {
        int asked = 0;
        using AzureBlobsStorage storage = new(_ => ValueTask.FromResult(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddHours(++asked))));

        Uri first = await storage.CreateReadUrlAsync("a", TimeSpan.FromMinutes(30), Token);
        Uri second = await storage.CreateReadUrlAsync("a", TimeSpan.FromMinutes(30), Token);
        Uri third = await storage.CreateReadUrlAsync("a", TimeSpan.FromMinutes(90), Token);

        Assert.Equal(first, second);
        Assert.NotEqual(second, third);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Sas_ThatCannotBeRenewed_CompletesTargetsUntilItsEnd()
    {
        ShiftedTime time = new();
        using AzureBlobsStorage storage = new(new BlobContainerClient(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddHours(1))), timeProvider: time);
        string name = NewName();
        StorageTarget target = await storage.CreateTargetAsync(name, new StorageTargetOptions { Lifetime = TimeSpan.FromMinutes(30) }, Token);
        using HttpResponseMessage written = await PutAsync(target.Target.Urls[0], new byte[] { 1, 2, 3 });
        written.EnsureSuccessStatusCode();

        time.Shift = TimeSpan.FromMinutes(59.5);
        await target.CompleteAsync(new RenditionCreated { Metadata = new RenditionMetadata { Size = 3 } }, Token);

        time.Shift = TimeSpan.FromMinutes(61);
        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.OpenReadAsync(name, Token));
        Assert.Contains("Create a SAS that expires later", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sas_ThatIsRenewedForUrls_KeepsNoOtherCallWaiting()
    {
        TaskCompletionSource<Uri> renewed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        using AzureBlobsStorage storage = new(_ => asked++ == 0 ? ValueTask.FromResult(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddHours(1))) : new ValueTask<Uri>(renewed.Task));
        string name = NewName();
        await storage.UploadAsync(name, new MemoryStream([1]), cancellationToken: Token);

        Task<Uri> url = storage.CreateReadUrlAsync(name, TimeSpan.FromHours(2), Token);
        using (StoredAsset stored = await storage.OpenReadAsync(name, Token))
        {
            Assert.Equal(1, stored.Length);
        }

        Assert.False(url.IsCompleted);
        renewed.SetResult(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddHours(3)));
        Assert.NotNull(await url);
    }

    [Fact]
    public async Task Sas_ThatMayNotWrite_IsAnErrorThatSaysWhatToCheck()
    {
        using AzureBlobsStorage storage = new(new BlobContainerClient(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1), "r")));

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.UploadAsync("a", new MemoryStream([1]), cancellationToken: Token));

        Assert.Contains("403", exception.Message, StringComparison.Ordinal);
        Assert.Contains("permissions of the SAS", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_ThatFailForAMoment_AreSentAgainByTheSdk()
    {
        FlakyHandler flaky = new(HttpStatusCode.ServiceUnavailable, failures: 2);
        using HttpClient http = new(flaky);
        using AzureBlobsStorage storage = new(_ => ValueTask.FromResult(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1))), new AzureBlobsStorageOptions { ClientOptions = Options(http) });
        string name = NewName();

        await storage.UploadAsync(name, new MemoryStream([1, 2]), cancellationToken: Token);

        Assert.Equal(3, flaky.Requests);
        using StoredAsset stored = await storage.OpenReadAsync(name, Token);
        Assert.Equal(2, stored.Length);
    }

    [Fact]
    public async Task Calls_ThatKeepFailing_AreTransient()
    {
        FlakyHandler flaky = new(HttpStatusCode.ServiceUnavailable, failures: int.MaxValue);
        using HttpClient http = new(flaky);
        using AzureBlobsStorage storage = new(_ => ValueTask.FromResult(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1))), new AzureBlobsStorageOptions { ClientOptions = Options(http) });

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.DeleteAsync("a", Token));

        Assert.True(exception.IsTransient);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, exception.StatusCode);
        Assert.Equal(4, flaky.Requests);
    }

    private static BlobClientOptions Options(HttpClient http) => new() { Transport = new HttpClientTransport(http), Retry = { MaxRetries = 3, Delay = TimeSpan.FromMilliseconds(1) } };

    private sealed class FlakyHandler(HttpStatusCode status, int failures) : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            ++Requests <= failures ? Task.FromResult(new HttpResponseMessage(status)) : base.SendAsync(request, cancellationToken);
    }
}
