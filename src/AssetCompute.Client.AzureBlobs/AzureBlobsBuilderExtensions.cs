using AssetCompute.Client.AzureBlobs;
using Azure.Storage.Blobs;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers storage on Azure.</summary>
public static class AzureBlobsBuilderExtensions
{
    /// <summary>Uses a container as the account's storage, and registers an <c>IAssetRenderer</c> on it.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="getContainer">
    /// Gets the client, created with a <c>TokenCredential</c> (recommended), an account key, or a URL that contains a SAS. For example, use the
    /// <c>BlobServiceClient</c> that Microsoft.Extensions.Azure registers.
    /// </param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="getContainer"/> is null.</exception>
    public static IAssetComputeBuilder AddAzureBlobsStorage(
        this IAssetComputeBuilder builder, Func<IServiceProvider, BlobContainerClient> getContainer, Action<AzureBlobsStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(getContainer);
        AzureBlobsStorageOptions options = new();
        configure?.Invoke(options);
        return builder.AddStorage(provider => new AzureBlobsStorage(getContainer(provider), options, provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Uses a container as the account's storage, with a renewable SAS, and registers an <c>IAssetRenderer</c> on it.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="getContainerUrl">Creates the URL of the container with a new SAS. It is called first, and again when the last SAS expires too early, but never concurrently.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="getContainerUrl"/> is null.</exception>
    public static IAssetComputeBuilder AddAzureBlobsStorage(
        this IAssetComputeBuilder builder, Func<IServiceProvider, CancellationToken, ValueTask<Uri>> getContainerUrl, Action<AzureBlobsStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(getContainerUrl);
        AzureBlobsStorageOptions options = new();
        configure?.Invoke(options);
        return builder.AddStorage(provider => new AzureBlobsStorage(token => getContainerUrl(provider, token), options, provider.GetRequiredService<TimeProvider>()));
    }
}
