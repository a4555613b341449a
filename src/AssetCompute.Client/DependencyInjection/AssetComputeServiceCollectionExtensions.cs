using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers accounts of the Asset Compute Service, and their health checks.</summary>
public static class AssetComputeServiceCollectionExtensions
{
    /// <summary>
    /// Registers the client of the only account of the application: <see cref="IAssetComputeClient"/>, <see cref="IJournalReader"/> and
    /// <see cref="IRenditionJobs"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. They are checked when the host starts, or else at first use.</param>
    /// <returns>
    /// The account, for further settings, such as HTTP handlers of the application. Further calls for the same account return it too, and add to its options as
    /// <c>Configure</c> does: the last value of an option applies.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, Action<AssetComputeOptions> configure) =>
        services.AddAssetCompute(Options.Options.DefaultName, configure);

    /// <summary>
    /// Registers the client of the only account of the application from a configuration section. The keys are the names of <see cref="AssetComputeOptions"/>;
    /// an unknown key is an error.
    /// </summary>
    /// <inheritdoc cref="AddAssetCompute(IServiceCollection, Action{AssetComputeOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="section">The configuration section. Its options are checked when the host starts, or else at first use.</param>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, IConfigurationSection section) =>
        services.AddAssetCompute(Options.Options.DefaultName, section);

    /// <summary>Registers the client of one of several accounts. Its services are keyed by the name.</summary>
    /// <inheritdoc cref="AddAssetCompute(IServiceCollection, Action{AssetComputeOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the account: the key of its services and the name of its options.</param>
    /// <param name="configure">Sets the options. They are checked when the host starts, or else at first use.</param>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, string name, Action<AssetComputeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<AssetComputeOptions>(name).Configure(configure);
        return services.AddAccount(name);
    }

    /// <summary>Registers the client of one of several accounts from a configuration section. Its services are keyed by the name.</summary>
    /// <inheritdoc cref="AddAssetCompute(IServiceCollection, IConfigurationSection)"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the account: the key of its services and the name of its options.</param>
    /// <param name="section">The configuration section. Its options are checked when the host starts, or else at first use.</param>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, string name, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<AssetComputeOptions>(name).Configure(options => AccountConfiguration.Apply(section, options));
        services.AddSingleton<IOptionsChangeTokenSource<AssetComputeOptions>>(new ConfigurationChangeTokenSource<AssetComputeOptions>(name, section));
        return services.AddAccount(name, section);
    }

    /// <summary>
    /// Checks that an account can sign in: unhealthy if it has no valid access token and cannot get one. The check uses the cached token, so it sends no more
    /// token requests than a call would, and no requests to the Asset Compute Service.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="account">The name of the account. Default: the account without a name.</param>
    /// <param name="failureStatus">The status to report for a failure. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The tags of the check. Default: none.</param>
    /// <returns>The health checks, for further checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddAssetCompute(this IHealthChecksBuilder builder, string? account = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string key = account ?? Options.Options.DefaultName;
        return builder.Add(new HealthCheckRegistration(
            key.Length == 0 ? "asset-compute" : $"asset-compute-{key}",
            provider => new AccountHealthCheck(
                provider.GetKeyedService<IAccessTokenProvider>(key)
                    ?? throw new InvalidOperationException(key.Length == 0 ? "No account is registered: call AddAssetCompute." : $"There is no account '{key}': register it with AddAssetCompute."),
                () => provider.GetRequiredKeyedService<AssetComputeIdentity>(key)),
            failureStatus,
            tags));
    }

    private static Account AddAccount(this IServiceCollection services, string name, IConfigurationSection? section = null)
    {
        // The options of further calls are added, but the handlers must not be added twice.
        ServiceDescriptor? added = services.FirstOrDefault(service => service.ServiceType == typeof(Account) && Equals(service.ServiceKey, name));
        if (added?.KeyedImplementationInstance is not Account builder)
        {
            builder = new Account(services, name);
            services.AddKeyedSingleton(name, builder);
            services.TryAddSingleton<IOptionsMonitorCache<AssetComputeOptions>, LastValidOptions<AssetComputeOptions>>();
            services.AddOptions<AssetComputeOptions>(name).ValidateOnStart();
            services.TryAddSingleton(TimeProvider.System);
            services.AddAssetComputeAuthentication(name, builder.GetSectionHint);
            builder.AddHttpPipeline();
            services.AddAssetComputeServices(name);
        }

        if (section is not null)
        {
            builder.Sections.Add(section);
        }

        return builder;
    }

    /// <summary>An account. Registered as a service, it marks the account as added.</summary>
    private sealed class Account(IServiceCollection services, string name) : IAssetComputeBuilder
    {
        public string Name { get; } = name;

        public IServiceCollection Services { get; } = services;

        public IHttpClientBuilder ServiceHttpClient { get; } = services.AddHttpClient(HttpClientNames.Service(name));

        public IHttpClientBuilder JournalHttpClient { get; } = services.AddHttpClient(HttpClientNames.Journal(name));

        public IHttpClientBuilder ImsHttpClient { get; } = services.AddHttpClient(HttpClientNames.Ims(name));

        /// <summary>The configuration sections that the options are bound to.</summary>
        public List<IConfigurationSection> Sections { get; } = [];

        /// <summary>Returns a hint with the sections that are empty or missing: a misspelled section name binds nothing, without an error.</summary>
        public string GetSectionHint()
        {
            string[] missing = [.. Sections.Where(static section => !section.Exists()).Select(static section => $"'{section.Path}'")];
            return missing.Length == 0 ? "" : $" The configuration section {string.Join(", ", missing)} is empty or does not exist: check its name.";
        }
    }
}
