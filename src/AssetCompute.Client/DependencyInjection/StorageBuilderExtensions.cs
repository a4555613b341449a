using AssetCompute.Client;
using AssetCompute.Client.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the storage of an account.</summary>
public static class StorageBuilderExtensions
{
    /// <summary>
    /// Uses a storage for the account: registers it as <see cref="IAssetStorage"/>, and so that <see cref="IAssetRenderer"/> works. For an account with a name both are keyed by
    /// it.
    /// </summary>
    /// <param name="builder">The account.</param>
    /// <param name="create">Makes the storage; the container disposes it.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddStorage(this IAssetComputeBuilder builder, Func<IServiceProvider, IAssetStorage> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        IServiceCollection services = builder.Services;
        services.AddKeyedSingleton(builder.Name, (provider, _) => create(provider));
        if (builder.Name.Length == 0)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IAssetStorage>(Options.Options.DefaultName));
        }

        return builder;
    }

    /// <summary>Uses the storage of the emulator that is the account's <see cref="AssetComputeOptions.Endpoint"/>.</summary>
    /// <param name="builder">The account.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddEmulatorStorage(this IAssetComputeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        return builder.AddStorage(provider => new EmulatorAssetStorage(provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get(name).Endpoint));
    }

    /// <summary>The renderer of each account: what it lacks is named, since a storage is the application's choice.</summary>
    internal static void AddAssetRenderer(this IServiceCollection services, string name)
    {
        services.TryAddKeyedSingleton<IAssetRenderer>(name, static (provider, key) => new AssetRenderer(
            provider.GetRequiredKeyedService<IRenditionJobs>(key),
            provider.GetKeyedService<IAssetStorage>(key) ?? throw new InvalidOperationException(
                $"{nameof(IAssetRenderer)} needs a storage{((string)key! is { Length: > 0 } account ? $" of the account '{account}'" : "")}: call {nameof(AddEmulatorStorage)}(), AddAzureBlobsStorage(…), AddAmazonS3Storage(…) or {nameof(AddStorage)}(…) on what AddAssetCompute(…) returns."),
            provider.GetService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>()));
        if (name.Length == 0)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IAssetRenderer>(Options.Options.DefaultName));
        }
    }
}
