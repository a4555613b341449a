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
    /// <see cref="CredentialsResolver"/>, which knows the organization and the client, and the <see cref="AllowedHosts"/>; and adds the check
    /// of the credentials to that of the options.
    /// </summary>
    public static IServiceCollection AddAssetComputeAuthentication(this IServiceCollection services, string name, Func<string>? hint = null)
    {
        if (services.Any(service => service.ServiceType == typeof(CredentialsResolver) && Equals(service.ServiceKey, name)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new CredentialsReader(Environment.GetEnvironmentVariable));
        services.AddKeyedSingleton(name, (provider, _) => new CredentialsResolver(
            name, provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>(), provider.GetRequiredService<CredentialsReader>()));
        services.TryAddKeyedTransient(name, static (provider, key) => provider.GetRequiredKeyedService<CredentialsResolver>(key).GetIdentity());
        services.TryAddKeyedSingleton(name, (provider, _) => new AllowedHosts(
            name, provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>()));

        var own = ServiceDescriptor.KeyedSingleton<IAccessTokenProvider>(name, (provider, _) => CreateCache(provider, name));
        services.TryAdd(own);

        // Whether the account's own provider is still the last one is known only when the last registration has been made.
        services.AddSingleton<IValidateOptions<AssetComputeOptions>>(provider => new CredentialsValidation(
            name, provider.GetRequiredService<CredentialsReader>(), () => !ReferenceEquals(Last(services, name), own), hint));
        return services;
    }

    /// <summary>The handler that signs the account's requests; to be the innermost of its HTTP clients.</summary>
    public static AuthenticationHandler CreateAuthenticationHandler(this IServiceProvider provider, string name) => new(
        provider.GetRequiredKeyedService<IAccessTokenProvider>(name),
        provider.GetRequiredKeyedService<CredentialsResolver>(name).GetIdentity,
        provider.GetRequiredKeyedService<AllowedHosts>(name).IsAllowed);

    private static ServiceDescriptor? Last(IServiceCollection services, string name) =>
        services.LastOrDefault(service => service.ServiceType == typeof(IAccessTokenProvider) && Equals(service.ServiceKey, name));

    private static AccessTokenCache CreateCache(IServiceProvider provider, string name)
    {
        IHttpClientFactory clients = provider.GetRequiredService<IHttpClientFactory>();
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        ILogger logger = (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<AccessTokenCache>();
        CredentialsResolver credentials = provider.GetRequiredKeyedService<CredentialsResolver>(name);
        ImsTokenClient ims = new(() => clients.CreateClient(HttpClientNames.Ims(name)), time, logger);
        return new AccessTokenCache(name, credentials, ims, time, logger);
    }
}
