using AssetCompute.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers accounts of the Asset Compute Service.</summary>
public static class AssetComputeServiceCollectionExtensions
{
    /// <summary>
    /// Registers the client of the one account of the application: <see cref="IAssetComputeClient"/>, <see cref="IJournalReader"/> and
    /// <see cref="IRenditionJobs"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. They are checked when the host starts, or else at first use.</param>
    /// <returns>For further settings, such as HTTP handlers of the application's own.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, Action<AssetComputeOptions> configure) =>
        services.AddAssetCompute(Options.Options.DefaultName, configure);

    /// <summary>
    /// Registers the client of the one account of the application, as a section of the configuration describes it: the names are those of
    /// <see cref="AssetComputeOptions"/>, and a name it does not have is an error.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section of the configuration.</param>
    /// <returns>For further settings, such as HTTP handlers of the application's own.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, IConfigurationSection section) =>
        services.AddAssetCompute(Options.Options.DefaultName, section);

    /// <summary>Registers the client of one of several accounts; its services are keyed by the name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the account: the key of its services and the name of its options.</param>
    /// <param name="configure">Sets the options. They are checked when the host starts, or else at first use.</param>
    /// <returns>For further settings, such as HTTP handlers of the application's own.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, string name, Action<AssetComputeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<AssetComputeOptions>(name).Configure(configure);
        return services.AddAccount(name);
    }

    /// <summary>
    /// Registers the client of one of several accounts, as a section of the configuration describes it; its services are keyed by the name.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the account: the key of its services and the name of its options.</param>
    /// <param name="section">The section of the configuration.</param>
    /// <returns>For further settings, such as HTTP handlers of the application's own.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddAssetCompute(this IServiceCollection services, string name, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<AssetComputeOptions>(name)
            .Configure(_ => AccountConfiguration.Check(section))
            .Bind(section, static binder => binder.ErrorOnUnknownConfiguration = true)
            .Configure(options => AccountConfiguration.BindLists(section, options));
        AssetComputeBuilder builder = services.AddAccount(name);
        services.GetAccount(name)!.Sections.Add(section);
        return builder;
    }

    private static AssetComputeBuilder AddAccount(this IServiceCollection services, string name)
    {
        AssetComputeBuilder builder = new(services, name);

        // Options add up when an account is added twice, in parts. Its handlers must not.
        if (services.GetAccount(name) is not null)
        {
            return builder;
        }

        services.AddKeyedSingleton(name, new Account());
        services.TryAddSingleton<IOptionsMonitorCache<AssetComputeOptions>, LastValidOptions<AssetComputeOptions>>();
        services.AddSingleton<IValidateOptions<AssetComputeOptions>>(new AssetComputeOptionsValidator(name));
        services.AddOptions<AssetComputeOptions>(name).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAssetComputeAuthentication(name, services.GetAccount(name)!.GetSectionHint);
        builder.AddHttpPipeline();
        services.AddAssetComputeServices(name);
        return builder;
    }

    private static Account? GetAccount(this IServiceCollection services, string name) =>
        services.FirstOrDefault(service => service.ServiceType == typeof(Account) && Equals(service.ServiceKey, name))?.KeyedImplementationInstance as Account;

    /// <summary>Marks an account that was added, and knows the configuration sections it is bound to.</summary>
    private sealed class Account
    {
        public List<IConfigurationSection> Sections { get; } = [];

        /// <summary>Names the sections that are empty or missing: a misspelt name of a section binds nothing, without an error.</summary>
        public string GetSectionHint()
        {
            string[] missing = [.. Sections.Where(static section => !section.Exists()).Select(static section => $"'{section.Path}'")];
            return missing.Length == 0 ? "" : $" The configuration section {string.Join(", ", missing)} is empty or does not exist: check its name.";
        }
    }
}
