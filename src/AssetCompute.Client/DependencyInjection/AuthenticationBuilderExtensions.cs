using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// How an account of the Asset Compute Service comes by its access tokens, where Adobe's credentials in <see cref="AssetComputeOptions"/> are
/// not the whole answer.
/// </summary>
public static class AuthenticationBuilderExtensions
{
    /// <summary>
    /// Takes the account's tokens from an own source, in place of Adobe's credentials. The options then need only
    /// <see cref="AssetComputeOptions.OrganizationId"/> and <see cref="AssetComputeOptions.ClientId"/>.
    /// </summary>
    /// <typeparam name="TProvider">The source; created once, with the services that its constructor asks for.</typeparam>
    /// <param name="builder">The account.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(this IAssetComputeBuilder builder)
        where TProvider : class, IAccessTokenProvider
    {
        ArgumentNullException.ThrowIfNull(builder);
        Clear(builder).AddKeyedSingleton<IAccessTokenProvider, TProvider>(builder.Name);
        return builder;
    }

    /// <summary>Takes the account's tokens from an own source, in place of Adobe's credentials.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="provider">The source. It remains the caller's to dispose.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="provider"/> is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider(this IAssetComputeBuilder builder, IAccessTokenProvider provider)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(provider);
        Clear(builder).AddKeyedSingleton(builder.Name, provider);
        return builder;
    }

    /// <summary>Takes the account's tokens from an own source, in place of Adobe's credentials.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="factory">Creates the source, once.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider(
        this IAssetComputeBuilder builder, Func<IServiceProvider, IAccessTokenProvider> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        Clear(builder).AddKeyedSingleton(builder.Name, (provider, _) => factory(provider));
        return builder;
    }

    /// <summary>
    /// Shares the account's token with the other processes that use the same distributed cache, the same account name and the same client,
    /// so that a fleet fetches one token and not one each.
    /// </summary>
    /// <remarks>
    /// The cache is the <c>IDistributedCache</c> registered under the account's name, else the one registered without a key. A cache that
    /// fails is logged and gone without.
    /// </remarks>
    /// <param name="builder">The account.</param>
    /// <param name="protector">Encrypts what is stored; a token is never stored in the clear.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="protector"/> is null.</exception>
    public static IAssetComputeBuilder ShareAccessTokens(this IAssetComputeBuilder builder, IAccessTokenProtector protector)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(protector);
        builder.Services.RemoveAllKeyed<IAccessTokenProtector>(builder.Name);
        builder.Services.AddKeyedSingleton(builder.Name, protector);
        return builder;
    }

    /// <summary>Shares the account's token with other processes, as <see cref="ShareAccessTokens(IAssetComputeBuilder, IAccessTokenProtector)"/> does.</summary>
    /// <param name="builder">The account.</param>
    /// <param name="factory">Creates, once, what encrypts the stored token.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is null.</exception>
    public static IAssetComputeBuilder ShareAccessTokens(
        this IAssetComputeBuilder builder, Func<IServiceProvider, IAccessTokenProtector> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.RemoveAllKeyed<IAccessTokenProtector>(builder.Name);
        builder.Services.AddKeyedSingleton(builder.Name, (provider, _) => factory(provider));
        return builder;
    }

    private static IServiceCollection Clear(IAssetComputeBuilder builder)
    {
        builder.Services.RemoveAllKeyed<IAccessTokenProvider>(builder.Name);
        return builder.Services;
    }
}
