using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.AmazonS3.Tests;

/// <summary>Code samples of docs/storage.md for Amazon S3.</summary>
internal static class DocumentedAmazonS3
{
    public static void Register(IServiceCollection services, Action<AssetComputeOptions> configure)
    {
        services.AddSingleton<IAmazonS3>(_ => new AmazonS3Client(Amazon.RegionEndpoint.EUWest1));
        services.AddAssetCompute(configure).AddAmazonS3Storage("my-bucket");
    }

    public static void RegisterRole(IServiceCollection services, Action<AssetComputeOptions> configure)
    {
        AssumeRoleAWSCredentials role = new(DefaultAWSCredentialsIdentityResolver.GetCredentials(), "arn:aws:iam::123456789012:role/renditions", "asset-compute");
        services.AddSingleton<IAmazonS3>(_ => new AmazonS3Client(role, Amazon.RegionEndpoint.EUWest1));
        services.AddAssetCompute(configure).AddAmazonS3Storage("my-bucket", options => options.Credentials = role);
    }

    public static IAssetStorage Create(IAmazonS3 s3) =>
        new AmazonS3Storage(s3, "my-bucket");
}
