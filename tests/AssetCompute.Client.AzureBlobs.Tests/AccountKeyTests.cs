using System.Web;
using AssetCompute.Client.StorageTests;
using Azure;
using Azure.Storage.Blobs;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Runs the contract with an application's client that uses an account key.</summary>
public sealed class AccountKeyTests(AzuriteFixture fixture) : AzureBlobsContract(options => new AzureBlobsStorage(AzuriteContainer.ClientOf(fixture.Server.Endpoint), options))
{
    protected override BlobContainerClient Container { get; } = AzuriteContainer.ClientOf(fixture.Server.Endpoint);

    [Fact]
    public async Task Urls_AreOfOneBlobWithOnePermission()
    {
        Uri read = await Storage.CreateReadUrlAsync("a", TimeSpan.FromDays(30), Token);
        StorageTarget target = await Storage.CreateTargetAsync("b", cancellationToken: Token);

        Assert.Equal(("b", "r"), SignedFields(read));
        Assert.Equal(("b", "cw"), SignedFields(new Uri(target.Target.Urls[0])));
    }

    [Fact]
    public void Client_WithAzureSasCredential_IsRefusedWithAdvice()
    {
        BlobContainerClient container = new(AzuriteContainer.AddressOf(fixture.Server.Endpoint), new AzureSasCredential("sv=2021-12-02&sig=c2VjcmV0"));

        ArgumentException exception = Assert.Throws<ArgumentException>(() => new AzureBlobsStorage(container));

        Assert.Equal("container", exception.ParamName);
        Assert.Contains("create the client with the URL that contains the SAS", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://account.blob.core.windows.net/container")]
    [InlineData("https://account.blob.core.windows.net/?sig=a")]
    [InlineData("http://account.blob.core.windows.net/container?sig=a")]
    public void Client_WithoutCredentialOrHttpsOrContainer_IsRefused(string url) => Assert.Throws<ArgumentException>(() => new AzureBlobsStorage(new BlobContainerClient(new Uri(url))));

    [Theory]
    [InlineData(0)]
    [InlineData((64 << 10) - 1)]
    [InlineData((1 << 30) + 1)]
    [InlineData(int.MaxValue)]
    public void UploadPartSize_OutOfRange_IsRefusedWithTheRange(int size)
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(() => new AzureBlobsStorage(Container, new AzureBlobsStorageOptions { UploadPartSize = size }));

        Assert.Equal("options", exception.ParamName);
        Assert.Equal(size, exception.ActualValue);
        Assert.Contains("UploadPartSize must be 64 KiB to 1 GiB.", exception.Message, StringComparison.Ordinal);
    }

    internal static (string? Resource, string? Permissions) SignedFields(Uri url)
    {
        System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(url.Query);
        return (query["sr"], query["sp"]);
    }
}
