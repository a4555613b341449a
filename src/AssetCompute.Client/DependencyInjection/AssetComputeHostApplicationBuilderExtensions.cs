using System.Data.Common;
using AssetCompute.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers accounts of the Asset Compute Service with a connection string, as Aspire provides it.</summary>
public static class AssetComputeHostApplicationBuilderExtensions
{
    private const string Section = "AssetCompute";
    private const string SecretKey = "ClientSecret";

    /// <summary>
    /// Registers the client of the only account of the application: <see cref="IAssetComputeClient"/>, <see cref="IJournalReader"/> and
    /// <see cref="IRenditionJobs"/>. Its options come from the configuration section <c>AssetCompute</c>, then from the connection string
    /// <c>ConnectionStrings:{connectionName}</c>, then from <paramref name="configure"/>. Either the section or the connection string may be absent.
    /// </summary>
    /// <remarks>
    /// The keys of the connection string are those of the section, such as <c>Endpoint</c>, <c>ImsEndpoint</c>, <c>OrganizationId</c>, <c>ClientId</c>,
    /// <c>Scopes</c> and <c>CredentialsFile</c>, and <c>ClientSecret</c> for one secret. Values with a semicolon must be quoted.
    /// </remarks>
    /// <param name="builder">The host application.</param>
    /// <param name="connectionName">The name of the connection string; in Aspire, the name of the resource.</param>
    /// <param name="configure">Sets further options. Default: none.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionName"/> is empty, or <paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddAssetComputeClient(this IHostApplicationBuilder builder, string connectionName, Action<AssetComputeOptions>? configure = null) =>
        Add(builder, connectionName, Options.Options.DefaultName, Section, configure);

    /// <summary>
    /// Registers the client of one of several accounts. Its services are keyed by the name. Its options come from the configuration section
    /// <c>AssetCompute:{name}</c>, then from the connection string <c>ConnectionStrings:{name}</c>, then from <paramref name="configure"/>.
    /// </summary>
    /// <param name="builder">The host application.</param>
    /// <param name="name">The name of the account and of its connection string.</param>
    /// <param name="configure">Sets further options. Default: none.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or <paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddKeyedAssetComputeClient(this IHostApplicationBuilder builder, string name, Action<AssetComputeOptions>? configure = null) =>
        Add(builder, name, name, $"{Section}:{name}", configure);

    private static IAssetComputeBuilder Add(IHostApplicationBuilder builder, string connectionName, string account, string sectionPath, Action<AssetComputeOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        IConfiguration configuration = builder.Configuration;
        IConfigurationSection connection = configuration.GetSection("ConnectionStrings").GetSection(connectionName);
        IConfigurationSection section = configuration.GetSection(sectionPath);
        if (section.Exists())
        {
            builder.Services.AddAssetCompute(account, section);
        }

        // Options read the connection string again when it changes.
        builder.Services.AddSingleton<IOptionsChangeTokenSource<AssetComputeOptions>>(new ConfigurationChangeTokenSource<AssetComputeOptions>(account, connection));
        return builder.Services.AddAssetCompute(account, options =>
        {
            if (!string.IsNullOrWhiteSpace(connection.Value))
            {
                Apply(connection, options);
            }
            else if (!section.Exists())
            {
                throw new InvalidOperationException($"The connection string '{connectionName}' is missing: set {connection.Path}, or the section {sectionPath} of the configuration. In Aspire, pass it on with WithReference.");
            }

            configure?.Invoke(options);
        });
    }

    /// <summary>Sets the options in a connection string. It contains secrets, so no message repeats it.</summary>
    /// <exception cref="InvalidOperationException">A key is unknown, or a value is not valid.</exception>
    private static void Apply(IConfigurationSection connection, AssetComputeOptions options)
    {
        DbConnectionStringBuilder parsed = [];
        try
        {
            parsed.ConnectionString = connection.Value;
        }
        catch (ArgumentException)
        {
            // The message of the parser quotes the text.
            throw new InvalidOperationException($"The connection string '{connection.Key}' is not of the form 'key=value;key=value'.");
        }

        if (parsed.TryGetValue(SecretKey, out object? secret))
        {
            parsed.Remove(SecretKey);
            parsed[nameof(options.ClientSecrets)] = secret;
        }

        Dictionary<string, string?> values = parsed.Keys.Cast<string>().ToDictionary(key => ConfigurationPath.Combine(connection.Path, key), string? (key) => parsed[key].ToString());
        if (values.Keys.Any(key => key.StartsWith(ConfigurationPath.Combine(connection.Path, nameof(options.ClientSecrets)), StringComparison.OrdinalIgnoreCase)))
        {
            // The secret replaces those of the configuration section.
            options.ClientSecrets.Clear();
        }

        AccountConfiguration.Apply(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(connection.Path), options, SecretKey);
    }
}
