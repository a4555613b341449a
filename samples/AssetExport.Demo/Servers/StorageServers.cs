using Amazon.Runtime;
using Amazon.S3;
using AssetCompute.Client;
using AssetCompute.Client.AmazonS3;
using AssetCompute.Client.AzureBlobs;
using AssetCompute.Client.StorageTests;
using Azure.Storage.Blobs;

namespace AssetExport.Demo;

/// <summary>An S3 server and Azurite, both from npm, with a bucket and a container.</summary>
internal sealed class StorageServers : IAsyncDisposable
{
    public const string Bucket = "assets";
    public const string S3Key = "S3RVER";

    private readonly NodeServer _s3;
    private readonly NodeServer _azurite;
    private readonly AmazonS3Client _client;

    private StorageServers(NodeServer s3, NodeServer azurite)
    {
        _s3 = s3;
        _azurite = azurite;
        ContainerUrl = AzuriteContainer.UrlOf(azurite.Endpoint, DateTimeOffset.UtcNow.AddDays(1));
        _client = new AmazonS3Client(new BasicAWSCredentials(S3Key, S3Key), new AmazonS3Config
        {
            ServiceURL = s3.Endpoint.AbsoluteUri,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
        S3 = new AmazonS3Storage(_client, Bucket);
        Azure = new AzureBlobsStorage(new BlobContainerClient(ContainerUrl));
    }

    public Uri S3Endpoint => _s3.Endpoint;

    public Uri ContainerUrl { get; }

    public IAssetStorage S3 { get; }

    public IAssetStorage Azure { get; }

    /// <param name="starting">Called with the name of each server before it starts.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<StorageServers> StartAsync(Action<string>? starting = null, CancellationToken cancellationToken = default)
    {
        starting?.Invoke("the S3 server (s3rver)");
        NodeServer s3 = await NodeServer.StartAsync("start-s3.cjs", "NodeS3", cancellationToken: cancellationToken);
        NodeServer? azurite = null;
        try
        {
            starting?.Invoke("Azurite");
            azurite = await NodeServer.StartAsync("start-azurite.cjs", "NodeAzurite", cancellationToken: cancellationToken);
            await AzuriteContainer.CreateAsync(azurite.Endpoint);
            return new StorageServers(s3, azurite);
        }
        catch
        {
            await s3.DisposeAsync();
            if (azurite is not null)
            {
                await azurite.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Returns how often each S3 object was written, by its name in the bucket.</summary>
    public async Task<IReadOnlyDictionary<string, int>> S3WritesAsync() => Count(
        from request in await _s3.RequestsAsync()
        let query = request["query"]!
        where request["method"]!.GetValue<string>() is var method
            && ((method == "PUT" && query["uploadId"] is null) || (method == "POST" && query["uploadId"] is not null))
        select request["path"]!.GetValue<string>(),
        skippedSegments: 1);

    /// <summary>Returns how often each Azurite blob was written, by its name in the container.</summary>
    public async Task<IReadOnlyDictionary<string, int>> AzureWritesAsync() => Count(
        from request in await _azurite.RequestsAsync()
        let query = request["query"]!
        where request["method"]!.GetValue<string>() == "PUT" && query["restype"] is null && query["comp"]?.GetValue<string>() is null or "blocklist"
        select request["path"]!.GetValue<string>(),
        skippedSegments: 2);

    public async ValueTask DisposeAsync()
    {
        (S3 as IDisposable)?.Dispose();
        (Azure as IDisposable)?.Dispose();
        _client.Dispose();
        await _s3.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    private static Dictionary<string, int> Count(IEnumerable<string> paths, int skippedSegments) => paths
        .Select(path => Uri.UnescapeDataString(string.Join('/', path.Split('/').Skip(1 + skippedSegments))))
        .CountBy(static name => name)
        .ToDictionary(StringComparer.Ordinal);
}
