using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.AmazonS3.Tests;

/// <summary>The code of docs/storage.md for Amazon S3.</summary>
internal static class DocumentedAmazonS3
{
    public static void Register(IServiceCollection services, Action<AssetComputeOptions> configure)
    {
        services.AddSingleton<IAmazonS3>(_ => new AmazonS3Client(Amazon.RegionEndpoint.EUWest1));
        services.AddAssetCompute(configure).AddAmazonS3Storage("my-bucket");
    }

    public static IAssetStorage Create(IAmazonS3 s3) =>
        new AmazonS3Storage(s3, "my-bucket");
}
