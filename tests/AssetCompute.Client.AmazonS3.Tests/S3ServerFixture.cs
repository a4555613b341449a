using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using AssetCompute.Client.StorageTests;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.AmazonS3.Tests.S3ServerFixture))]

namespace AssetCompute.Client.AmazonS3.Tests;

/// <summary>An S3 server with one bucket, for all tests.</summary>
public sealed class S3ServerFixture : IAsyncLifetime
{
    public const string Bucket = "assets";

    public NodeServer Server { get; private set; } = null!;

    public IAmazonS3 Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await NodeServer.StartAsync("start-s3.cjs");
        Client = CreateClient(Server.Endpoint);
    }

    /// <summary>A client of the server whose requests go through a handler, which it disposes.</summary>
    public AmazonS3Client CreateClient(HttpMessageHandler handler) => CreateClient(Server.Endpoint, new HandlerFactory(handler));

    public static AmazonS3Client CreateClient(Uri endpoint, HttpClientFactory? clients = null) => new(new BasicAWSCredentials("S3RVER", "S3RVER"), new AmazonS3Config
    {
        HttpClientFactory = clients,
        ServiceURL = endpoint.AbsoluteUri,
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
        // Servers that only speak S3's protocol may not know its newer checksums.
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    private sealed class HandlerFactory(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler);
    }
}
