using System.Data.Common;
using AssetCompute.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The connection string of an account, such as <c>Endpoint=https://…;OrganizationId=…;ClientId=…;ClientSecret=…</c>. Its keys are the names of the options.</summary>
internal static class AccountConnectionString
{
    private static readonly Dictionary<string, Action<AssetComputeOptions, string>> s_keys = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(AssetComputeOptions.Endpoint)] = static (options, value) => options.Endpoint = new Uri(value, UriKind.Absolute),
        [nameof(AssetComputeOptions.ImsEndpoint)] = static (options, value) => options.ImsEndpoint = new Uri(value, UriKind.Absolute),
        [nameof(AssetComputeOptions.OrganizationId)] = static (options, value) => options.OrganizationId = value,
        [nameof(AssetComputeOptions.ClientId)] = static (options, value) => options.ClientId = value,
        ["ClientSecret"] = static (options, value) =>
        {
            options.ClientSecrets.Clear();
            options.ClientSecrets.Add(value);
        },
        [nameof(AssetComputeOptions.Scopes)] = static (options, value) => AccountConfiguration.AddScopes(options, value),
        [nameof(AssetComputeOptions.CredentialsFile)] = static (options, value) => options.CredentialsFile = value,
        [nameof(AssetComputeOptions.PrivateKeyFile)] = static (options, value) => options.PrivateKeyFile = value,
        [nameof(AssetComputeOptions.PrivateKeyPassphrase)] = static (options, value) => options.PrivateKeyPassphrase = value,
    };

    /// <summary>Sets the options in a connection string. It contains secrets, so no message repeats it.</summary>
    /// <exception cref="InvalidOperationException">A key is unknown, or a value is not valid.</exception>
    public static void Apply(string name, string text, AssetComputeOptions options)
    {
        DbConnectionStringBuilder parsed = [];
        try
        {
            parsed.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            // The message of the parser quotes the text.
            throw Invalid(name, "is not of the form 'key=value;key=value'");
        }

        foreach (string key in parsed.Keys)
        {
            if (!s_keys.TryGetValue(key, out Action<AssetComputeOptions, string>? set))
            {
                throw Invalid(name, $"has the key '{key}', which does not exist: there are {string.Join(", ", s_keys.Keys)}");
            }

            // The parser writes keys in lower case.
            string known = s_keys.Keys.First(known => string.Equals(known, key, StringComparison.OrdinalIgnoreCase));
            string value = parsed[key].ToString()!;
            try
            {
                set(options, string.IsNullOrWhiteSpace(value) ? throw Invalid(name, $"has no value for {known}") : value);
            }
            catch (UriFormatException)
            {
                throw Invalid(name, $"has a value for {known} that is not an absolute URL");
            }
        }
    }

    private static InvalidOperationException Invalid(string name, string what) => new($"The connection string '{name}' {what}.");
}
