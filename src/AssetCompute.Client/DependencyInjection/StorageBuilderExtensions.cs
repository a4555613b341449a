using AssetCompute.Client;
using AssetCompute.Client.Storage;
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
        builder.Services.AddKeyedSingleton(builder.Name, (provider, _) => create(provider));
        builder.Services.TryAddDefault<IAssetStorage>(builder.Name);
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
}
