using Amazon.S3;
using AssetCompute.Client.AmazonS3;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers storage on Amazon S3.</summary>
public static class AmazonS3BuilderExtensions
{
    /// <summary>
    /// Uses a bucket as the account's storage, and registers an <c>IAssetRenderer</c> on it. The client is the registered <see cref="IAmazonS3"/>.
    /// </summary>
    /// <param name="builder">The account.</param>
    /// <param name="bucket">The name of the bucket.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="bucket"/> is null or empty.</exception>
    public static IAssetComputeBuilder AddAmazonS3Storage(this IAssetComputeBuilder builder, string bucket, Action<AmazonS3StorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        AmazonS3StorageOptions options = new();
        configure?.Invoke(options);
        return builder.AddStorage(provider => new AmazonS3Storage(provider.GetRequiredService<IAmazonS3>(), bucket, options, provider.GetRequiredService<TimeProvider>()));
    }
}
