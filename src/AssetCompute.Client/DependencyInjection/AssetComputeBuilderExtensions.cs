using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Replaces the default tokens and storage of an account.</summary>
public static class AssetComputeBuilderExtensions
{
    /// <summary>
    /// Uses a custom token provider instead of Adobe's credentials. The options then need only <see cref="AssetComputeOptions.OrganizationId"/> and
    /// <see cref="AssetComputeOptions.ClientId"/>.
    /// </summary>
    /// <typeparam name="TProvider">The provider. The container creates it once.</typeparam>
    /// <param name="builder">The account.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(this IAssetComputeBuilder builder)
        where TProvider : class, IAccessTokenProvider
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.RemoveAllKeyed<IAccessTokenProvider>(builder.Name).AddKeyedSingleton<IAccessTokenProvider, TProvider>(builder.Name);
        return builder;
    }

    /// <inheritdoc cref="AddAccessTokenProvider{TProvider}(IAssetComputeBuilder)"/>
    /// <param name="builder">The account.</param>
    /// <param name="factory">Creates the provider, once. The container disposes it.</param>
    public static IAssetComputeBuilder AddAccessTokenProvider(this IAssetComputeBuilder builder, Func<IServiceProvider, IAccessTokenProvider> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.RemoveAllKeyed<IAccessTokenProvider>(builder.Name).AddKeyedSingleton(builder.Name, (provider, _) => factory(provider));
        return builder;
    }

    /// <summary>
    /// Uses a storage for the account: registers it as <see cref="IAssetStorage"/>, and an <see cref="IAssetRenderer"/> that uses it. For an account with a
    /// name, both are keyed by the name.
    /// </summary>
    /// <param name="builder">The account.</param>
    /// <param name="create">Creates the storage. The container disposes it.</param>
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

    /// <summary>Uses the storage of the emulator at the account's <see cref="AssetComputeOptions.Endpoint"/>.</summary>
    /// <param name="builder">The account.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddEmulatorStorage(this IAssetComputeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        return builder.AddStorage(provider => new EmulatorAssetStorage(AccountRegistration.OptionsOf(provider).Get(name).Endpoint));
    }
}
