using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using AssetCompute.Client.StorageTests;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.AmazonS3.Tests.S3ServerFixture))]

namespace AssetCompute.Client.AmazonS3.Tests;

/// <summary>An S3 server with one bucket, shared by all tests.</summary>
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

    /// <summary>Creates a client that sends its requests through a handler. The client disposes the handler.</summary>
    public AmazonS3Client CreateClient(HttpMessageHandler handler) => CreateClient(Server.Endpoint, new HandlerFactory(handler));

    public static AmazonS3Client CreateClient(Uri endpoint, HttpClientFactory? clients = null) => new(new BasicAWSCredentials("S3RVER", "S3RVER"), new AmazonS3Config
    {
        HttpClientFactory = clients,
        ServiceURL = endpoint.AbsoluteUri,
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
        // S3-compatible servers might not support the newer checksums.
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
