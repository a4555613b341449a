using AssetCompute.Client.AzureBlobs;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers storage on Azure.</summary>
public static class AzureBlobsBuilderExtensions
{
    private const string HttpClientName = "AssetCompute.Client.AzureBlobs";

    /// <summary>Uses a container as the account's storage, for as long as a SAS lives, and registers the <c>AssetRenderer</c> on it.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="containerUrl">The URL of the container with its SAS.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="containerUrl"/> is null or no URL of a container with a SAS.</exception>
    public static IAssetComputeBuilder AddAzureBlobsStorage(this IAssetComputeBuilder builder, Uri containerUrl, Action<AzureBlobsStorageOptions>? configure = null)
    {
        ContainerSas.Check(containerUrl, nameof(containerUrl));
        return builder.AddAzureBlobsStorage((_, _) => new ValueTask<Uri>(containerUrl), configure);
    }

    /// <summary>Uses a container as the account's storage, with a SAS that is renewed, and registers the <c>AssetRenderer</c> on it.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="getContainerUrl">Makes the URL of the container with a new SAS. Asked at first, and again when the last SAS would end too soon; by one caller at a time.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="getContainerUrl"/> is null.</exception>
    public static IAssetComputeBuilder AddAzureBlobsStorage(
        this IAssetComputeBuilder builder, Func<IServiceProvider, CancellationToken, ValueTask<Uri>> getContainerUrl, Action<AzureBlobsStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(getContainerUrl);
        builder.Services.AddHttpClient(HttpClientName)
            // The factory's loggers would write the signed URLs.
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler(static (handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            })
            .ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan);
        return builder.AddStorage(provider =>
        {
            AzureBlobsStorageOptions options = new();
            configure?.Invoke(options);
            return new AzureBlobsStorage(
                token => getContainerUrl(provider, token),
                options,
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName),
                provider.GetRequiredService<TimeProvider>());
        });
    }
}
