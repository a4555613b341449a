using System.Net;
using System.Text.Json.Nodes;
using AssetCompute.Client.StorageTests;

namespace AssetCompute.Client.AmazonS3.Tests;

public class AmazonS3StorageTests(S3ServerFixture fixture) : AssetStorageContract
{
    protected override IAssetStorage Storage { get; } =
        new AmazonS3Storage(fixture.Client, S3ServerFixture.Bucket, new AmazonS3StorageOptions { Prefix = "pre fix/", PartSize = PartSize, UploadPartSize = PartSize });

    [Fact]
    public async Task Urls_SignNothingButTheHost()
    {
        StorageTarget parts = await Storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);
        StorageTarget single = await Storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = 1 }, Token);
        Uri read = await Storage.CreateReadUrlAsync($"{NewName()}/1+1=2", cancellationToken: Token);

        Assert.Contains("/1%2B1%3D2?", read.AbsoluteUri, StringComparison.Ordinal);
        Assert.All([.. parts.Target.Urls, .. single.Target.Urls, read.AbsoluteUri], url =>
        {
            Assert.Contains("X-Amz-SignedHeaders=host&", url + "&", StringComparison.Ordinal);
            Assert.DoesNotContain("checksum", url, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("/pre%20fix/", url, StringComparison.Ordinal);
        });
        await parts.AbortAsync(Token);
    }

    [Fact]
    public async Task Urls_Expired_AreRefusedAndMadeAnew()
    {
        string name = NewName();
        using HttpClient http = new();
        await StoreAsync(name, [1]);
        Uri expired = await Storage.CreateReadUrlAsync(name, TimeSpan.FromSeconds(1), Token);
        while (await StatusAsync(expired) != HttpStatusCode.Forbidden)
        {
            await Task.Delay(50, Token);
        }

        Uri fresh = await Storage.CreateReadUrlAsync(name, TimeSpan.FromMinutes(5), Token);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fresh));

        async Task<HttpStatusCode> StatusAsync(Uri url)
        {
            using HttpResponseMessage response = await http.GetAsync(url, Token);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Lifetime_LongerThanAmazonSigns_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Storage.CreateReadUrlAsync("a", TimeSpan.FromDays(8), Token));

    [Fact]
    public async Task Target_ThatFitsOneUrl_IsAPlainObjectWithALimit()
    {
        StorageTarget target = await Storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = 1234 }, Token);

        Assert.Equal(1234, target.Target.MaxPartSize);
        Assert.DoesNotContain("uploadId", Assert.Single(target.Target.Urls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_OfParts_FollowsTheRulesOfS3()
    {
        AmazonS3Storage storage = new(fixture.Client, S3ServerFixture.Bucket);
        StorageTarget target = await storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = 1L << 30 }, Token);

        Assert.Equal(11, target.Target.Urls.Count);
        Assert.Equal(StorageTargetOptions.MaxPartSize, target.Target.MaxPartSize);
        Assert.Equal(5 << 20, target.Target.MinPartSize);
        Assert.Equal(Enumerable.Range(1, 11), target.Target.Urls.Select(url => int.Parse(System.Web.HttpUtility.ParseQueryString(new Uri(url).Query)["partNumber"]!, System.Globalization.CultureInfo.InvariantCulture)));
        await target.AbortAsync(Token);
    }

    [Fact]
    public async Task Target_OfParts_AsksForNoChecksumOfTheParts()
    {
        string name = NewName();
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);
        await target.AbortAsync(Token);

        JsonNode begun = Assert.Single(await fixture.Server.RequestsAsync(), request => request["query"]!.AsObject().ContainsKey("uploads") && ((string)request["path"]!).EndsWith(name, StringComparison.Ordinal));

        Assert.DoesNotContain(begun["headers"]!.AsObject(), header => header.Key.Contains("checksum", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Complete_OneOfTheFirstPartsMissing_Fails()
    {
        StorageTarget target = await Storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = 3 * PartSize }, Token);
        using HttpResponseMessage second = await PutAsync(target.Target.Urls[1], new byte[] { 1 });

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => target.CompleteAsync(new RenditionCreated(), Token));

        Assert.Contains("gaps", exception.Message, StringComparison.Ordinal);
        await target.AbortAsync(Token);
    }

    [Fact]
    public async Task Abort_TargetOfParts_AbortsTheUpload()
    {
        string name = NewName();
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);

        await target.AbortAsync(Token);

        await AssertAbortedAsync(name);
    }

    [Fact]
    public async Task Upload_ThatBreaksOff_IsAborted()
    {
        string name = NewName();
        using PseudoRandomStream content = new(3 * PartSize, failAt: PartSize + 1);

        await Assert.ThrowsAsync<IOException>(() => Storage.UploadAsync(name, content, cancellationToken: Token));

        await AssertAbortedAsync(name);
        await AssertNotThereAsync(name);
    }

    [Fact]
    public async Task Calls_OfABucketThatIsNotThere_SayWhatToCheck()
    {
        AmazonS3Storage storage = new(fixture.Client, "elsewhere");

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.OpenReadAsync("a", Token));

        Assert.False(exception.IsNotFound);
        Assert.Contains("'elsewhere'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Create the bucket, or check its name", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_OfAServerThatIsNotThere_AreTransient()
    {
        using Amazon.S3.AmazonS3Client client = S3ServerFixture.CreateClient(new Uri("http://127.0.0.1:9/"));
        AmazonS3Storage storage = new(client, S3ServerFixture.Bucket);

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.DeleteAsync("a", Token));

        Assert.True(exception.IsTransient);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AmazonS3Storage(fixture.Client, "a", new AmazonS3StorageOptions { PartSize = (5 << 20) - 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AmazonS3Storage(fixture.Client, "a", new AmazonS3StorageOptions { PartSize = StorageTargetOptions.MaxPartSize + 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AmazonS3Storage(fixture.Client, "a", new AmazonS3StorageOptions { UrlLifetime = TimeSpan.FromDays(8) }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((5 << 20) - 1)]
    [InlineData((1 << 30) + 1)]
    [InlineData(int.MaxValue)]
    public void UploadPartSize_OutOfRange_IsRefusedWithTheRange(int size)
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(() => new AmazonS3Storage(fixture.Client, "a", new AmazonS3StorageOptions { UploadPartSize = size }));

        Assert.Equal("options", exception.ParamName);
        Assert.Equal(size, exception.ActualValue);
        Assert.Contains("UploadPartSize must be 5 MiB to 1 GiB.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5 << 20)]
    [InlineData(1 << 30)]
    public void UploadPartSize_AtItsLimits_IsTaken(int size) =>
        Assert.NotNull(new AmazonS3Storage(fixture.Client, "a", new AmazonS3StorageOptions { UploadPartSize = size }));

    private async Task AssertAbortedAsync(string name) =>
        Assert.Single(await fixture.Server.RequestsAsync(), request =>
            (string?)request["method"] == "DELETE" && request["query"]!.AsObject().ContainsKey("uploadId") && ((string)request["path"]!).EndsWith(name, StringComparison.Ordinal));
}
