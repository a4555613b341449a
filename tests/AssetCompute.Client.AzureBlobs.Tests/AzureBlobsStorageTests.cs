using System.Net;
using System.Text;
using AssetCompute.Client.StorageTests;

namespace AssetCompute.Client.AzureBlobs.Tests;

public sealed class AzureBlobsStorageTests(AzuriteFixture fixture) : AssetStorageContract, IDisposable
{
    private readonly AzureBlobsStorage _storage =
        new(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1)), new AzureBlobsStorageOptions { Prefix = "pre fix/", PartSize = PartSize, UploadPartSize = PartSize });

    protected override IAssetStorage Storage => _storage;

    public void Dispose() => _storage.Dispose();

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(3 * PartSize, 3)]
    public async Task Target_IsMadeOfBlocks(long maxSize, int urls)
    {
        StorageTarget target = await Storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = maxSize }, Token);

        Assert.Equal(urls, target.Target.Urls.Count);
        string[] ids = [.. target.Target.Urls.Select(url => System.Web.HttpUtility.ParseQueryString(new Uri(url).Query)).Select(query =>
        {
            Assert.Equal("block", query["comp"]);
            return Encoding.ASCII.GetString(Convert.FromBase64String(query["blockid"]!));
        })];
        Assert.Equal(Enumerable.Range(0, urls).Select(part => $"{part:D6}"), ids.Select(id => id[..6]));
        Assert.Single(ids.Select(id => id.Length).Distinct());
    }

    [Fact]
    public async Task Complete_OneOfTheFirstPartsMissing_Fails()
    {
        string name = NewName();
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = 3 * PartSize }, Token);
        using HttpResponseMessage first = await PutAsync(target.Target.Urls[0], new byte[] { 1 });
        using HttpResponseMessage third = await PutAsync(target.Target.Urls[2], new byte[] { 1 });

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => target.CompleteAsync(new RenditionCreated(), Token));

        Assert.Contains("gaps", exception.Message, StringComparison.Ordinal);
        await AssertNotThereAsync(name);
    }

    [Fact]
    public async Task Urls_NeededForLongerThanTheSasLives_AreAnErrorThatSaysSo()
    {
        using AzureBlobsStorage storage = new(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddHours(1)));

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.CreateReadUrlAsync("a", cancellationToken: Token));

        Assert.Contains("Make a SAS that lives longer", exception.Message, StringComparison.Ordinal);
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
    public async Task Sas_ThatMayNotWrite_IsAnErrorThatSaysWhatToCheck()
    {
        using AzureBlobsStorage storage = new(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1), "r"));

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.UploadAsync("a", new MemoryStream([1]), cancellationToken: Token));

        Assert.Contains("403", exception.Message, StringComparison.Ordinal);
        Assert.Contains("permissions of the SAS", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://account.blob.core.windows.net/container")]
    [InlineData("https://account.blob.core.windows.net/?sig=a")]
    [InlineData("http://account.blob.core.windows.net/container?sig=a")]
    public void ContainerUrl_ThatIsNone_IsRefused(string url) => Assert.Throws<ArgumentException>(() => new AzureBlobsStorage(new Uri(url)));

    [Fact]
    public async Task Calls_ThatFailForAMoment_AreSentAgain()
    {
        FlakyHandler flaky = new(HttpStatusCode.ServiceUnavailable, failures: 2);
        using HttpClient http = new(flaky);
        using AzureBlobsStorage storage = new(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1)), httpClient: http);
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
        using AzureBlobsStorage storage = new(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1)), new AzureBlobsStorageOptions { MaxRetryAttempts = 1 }, http);

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.DeleteAsync("a", Token));

        Assert.True(exception.IsTransient);
        Assert.Equal(2, flaky.Requests);
    }

    private sealed class FlakyHandler(HttpStatusCode status, int failures) : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            ++Requests <= failures ? Task.FromResult(new HttpResponseMessage(status)) : base.SendAsync(request, cancellationToken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData((64 << 10) - 1)]
    [InlineData((1 << 30) + 1)]
    [InlineData(int.MaxValue)]
    public void UploadPartSize_OutOfRange_IsRefusedWithTheRange(int size)
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(
            () => new AzureBlobsStorage(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1)), new AzureBlobsStorageOptions { UploadPartSize = size }));

        Assert.Equal("options", exception.ParamName);
        Assert.Equal(size, exception.ActualValue);
        Assert.Contains("UploadPartSize must be 64 KiB to 1 GiB.", exception.Message, StringComparison.Ordinal);
    }
}
