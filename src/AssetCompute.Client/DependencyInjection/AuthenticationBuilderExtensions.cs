using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Registers custom token providers for accounts of the Asset Compute Service.
/// </summary>
public static class AuthenticationBuilderExtensions
{
    /// <summary>
    /// Uses a custom token provider in place of Adobe's credentials. The options then need only
    /// <see cref="AssetComputeOptions.OrganizationId"/> and <see cref="AssetComputeOptions.ClientId"/>.
    /// </summary>
    /// <typeparam name="TProvider">The provider. It is created once, by the container.</typeparam>
    /// <param name="builder">The account.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(this IAssetComputeBuilder builder)
        where TProvider : class, IAccessTokenProvider
    {
        Clear(builder).AddKeyedSingleton<IAccessTokenProvider, TProvider>(builder.Name);
        return builder;
    }

    /// <summary>Uses a custom token provider in place of Adobe's credentials.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="provider">The provider. The caller disposes it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="provider"/> is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider(this IAssetComputeBuilder builder, IAccessTokenProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Clear(builder).AddKeyedSingleton(builder.Name, provider);
        return builder;
    }

    /// <summary>Uses a custom token provider in place of Adobe's credentials.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="factory">Creates the provider, once.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider(
        this IAssetComputeBuilder builder, Func<IServiceProvider, IAccessTokenProvider> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Clear(builder).AddKeyedSingleton(builder.Name, (provider, _) => factory(provider));
        return builder;
    }

    private static IServiceCollection Clear(IAssetComputeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.RemoveAllKeyed<IAccessTokenProvider>(builder.Name);
        return builder.Services;
    }
}
