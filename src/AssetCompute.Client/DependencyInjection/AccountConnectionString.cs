using System.Data.Common;
using AssetCompute.Client;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// The connection string of an account, such as <c>Endpoint=https://…;OrganizationId=…;ClientId=…;ClientSecret=…</c>. Its keys are those of a configuration
/// section, and <c>ClientSecret</c>.
/// </summary>
internal static class AccountConnectionString
{
    /// <summary>Sets the options in a connection string. It contains secrets, so no message repeats it.</summary>
    /// <exception cref="InvalidOperationException">A key is unknown, or a value is not valid.</exception>
    public static void Apply(IConfigurationSection connection, AssetComputeOptions options)
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

        if (parsed.TryGetValue("ClientSecret", out object? secret))
        {
            parsed.Remove("ClientSecret");
            parsed[nameof(options.ClientSecrets)] = secret;
        }

        if (parsed.Keys.Cast<string>().Any(static key => key.StartsWith(nameof(AssetComputeOptions.ClientSecrets), StringComparison.OrdinalIgnoreCase)))
        {
            // The secret replaces those of the configuration section.
            options.ClientSecrets.Clear();
        }

        IConfigurationRoot values = new ConfigurationBuilder()
            .AddInMemoryCollection(parsed.Keys.Cast<string>().Select(key => new KeyValuePair<string, string?>(ConfigurationPath.Combine(connection.Path, key), parsed[key].ToString())))
            .Build();
        AccountConfiguration.Apply(values.GetSection(connection.Path), options);
    }
}
