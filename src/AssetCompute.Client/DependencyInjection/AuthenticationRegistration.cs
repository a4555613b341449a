using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// An account's part of authentication. Everything is registered under the account's name, and nothing is shared between accounts.
/// </summary>
internal static class AuthenticationRegistration
{
    /// <summary>
    /// Registers, keyed by the account's name, the <see cref="IAccessTokenProvider"/> (unless one is there already), the
    /// <see cref="CredentialsResolver"/>, which knows the organization and the client, and the <see cref="AllowedHosts"/>.
    /// </summary>
    public static IServiceCollection AddAssetComputeAuthentication(this IServiceCollection services, string name)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new CredentialsReader(Environment.GetEnvironmentVariable));
        services.TryAddKeyedSingleton(name, (provider, _) => new CredentialsResolver(
            name, provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>(), provider.GetRequiredService<CredentialsReader>()));
        services.TryAddKeyedSingleton(name, (provider, _) => new AllowedHosts(
            name, provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>()));
        services.TryAddKeyedSingleton<IAccessTokenProvider>(name, (provider, _) => CreateCache(provider, name));
        return services;
    }

    /// <summary>The handler that signs the account's requests; to be the innermost of its HTTP clients.</summary>
    public static AuthenticationHandler CreateAuthenticationHandler(this IServiceProvider provider, string name) => new(
        provider.GetRequiredKeyedService<IAccessTokenProvider>(name),
        provider.GetRequiredKeyedService<CredentialsResolver>(name).GetIdentity,
        provider.GetRequiredKeyedService<AllowedHosts>(name).IsAllowed);

    private static AccessTokenCache CreateCache(IServiceProvider provider, string name)
    {
        IHttpClientFactory clients = provider.GetRequiredService<IHttpClientFactory>();
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        ILogger logger = (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<AccessTokenCache>();
        var ims = new ImsTokenClient(() => clients.CreateClient(HttpClientNames.Ims(name)), time, logger);
        var random = new Random();
        return new AccessTokenCache(name, provider.GetRequiredKeyedService<CredentialsResolver>(name), ims, time, random.NextDouble, logger);
    }
}
