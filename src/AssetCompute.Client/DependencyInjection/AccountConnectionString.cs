using System.Data.Common;
using AssetCompute.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The connection string of an account, such as <c>Endpoint=https://…;OrganizationId=…;ClientId=…;ClientSecret=…</c>. Its keys are the names of the options.</summary>
internal static class AccountConnectionString
{
    private const string ClientSecret = nameof(ClientSecret);

    private static readonly string[] s_keys =
    [
        nameof(AssetComputeOptions.Endpoint),
        nameof(AssetComputeOptions.ImsEndpoint),
        nameof(AssetComputeOptions.OrganizationId),
        nameof(AssetComputeOptions.ClientId),
        ClientSecret,
        nameof(AssetComputeOptions.Scopes),
        nameof(AssetComputeOptions.CredentialsFile),
        nameof(AssetComputeOptions.PrivateKeyFile),
        nameof(AssetComputeOptions.PrivateKeyPassphrase),
    ];

    /// <summary>Sets the options that a connection string names.</summary>
    /// <param name="name">The name of the connection string, for messages.</param>
    /// <param name="text">The connection string. It holds secrets, so no message repeats it.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="InvalidOperationException">A key is unknown, or a value is not valid.</exception>
    public static void Apply(string name, string text, AssetComputeOptions options)
    {
        foreach (KeyValuePair<string, string> setting in Parse(name, text))
        {
            switch (setting.Key)
            {
                case nameof(options.Endpoint):
                    options.Endpoint = ToUri(name, setting);
                    break;
                case nameof(options.ImsEndpoint):
                    options.ImsEndpoint = ToUri(name, setting);
                    break;
                case nameof(options.OrganizationId):
                    options.OrganizationId = setting.Value;
                    break;
                case nameof(options.ClientId):
                    options.ClientId = setting.Value;
                    break;
                case ClientSecret:
                    options.ClientSecrets.Clear();
                    options.ClientSecrets.Add(setting.Value);
                    break;
                case nameof(options.Scopes):
                    AccountConfiguration.AddScopes(options, setting.Value);
                    break;
                case nameof(options.CredentialsFile):
                    options.CredentialsFile = setting.Value;
                    break;
                case nameof(options.PrivateKeyFile):
                    options.PrivateKeyFile = setting.Value;
                    break;
                case nameof(options.PrivateKeyPassphrase):
                    options.PrivateKeyPassphrase = setting.Value;
                    break;
            }
        }
    }

    private static List<KeyValuePair<string, string>> Parse(string name, string text)
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

        List<KeyValuePair<string, string>> settings = [];
        foreach (string key in parsed.Keys)
        {
            string known = Array.Find(s_keys, known => string.Equals(known, key, StringComparison.OrdinalIgnoreCase))
                ?? throw Invalid(name, $"has the key '{key}', which does not exist: there are {string.Join(", ", s_keys)}");
            string value = parsed[key].ToString()!;
            settings.Add(string.IsNullOrWhiteSpace(value) ? throw Invalid(name, $"has no value for {known}") : new(known, value));
        }

        return settings;
    }

    private static Uri ToUri(string name, KeyValuePair<string, string> setting) =>
        Uri.TryCreate(setting.Value, UriKind.Absolute, out Uri? uri) ? uri : throw Invalid(name, $"has a value for {setting.Key} that is not an absolute URL");

    private static InvalidOperationException Invalid(string name, string what) => new($"The connection string '{name}' {what}.");
}
