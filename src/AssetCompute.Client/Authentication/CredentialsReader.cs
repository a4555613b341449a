using System.Runtime.CompilerServices;
using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>Combines the options with the credentials file. Options take precedence. An error names the option, never the value of a secret.</summary>
internal sealed class CredentialsReader(Func<string, string?> environment)
{
    /// <summary>The environment variables of Adobe's own client. They describe one account, so they apply only to the account without a name.</summary>
    public const string FileVariable = "ASSET_COMPUTE_INTEGRATION_FILE_PATH";

    public const string PrivateKeyFileVariable = "ASSET_COMPUTE_PRIVATE_KEY_FILE_PATH";

    private readonly ConditionalWeakTable<AssetComputeOptions, AssetComputeIdentity> _identities = new();

    /// <summary>Returns everything that a token request needs.</summary>
    /// <exception cref="AssetComputeAuthenticationException">A value is missing or malformed.</exception>
    public ImsCredentials Read(string account, AssetComputeOptions options)
    {
        CredentialsFile? file = ReadFile(account, options);
        AssetComputeIdentity identity = Identity(options, file);
        IReadOnlyList<string> secrets = Secrets(options, file);
        Uri ims = ReferenceEquals(options.ImsEndpoint, AssetComputeOptions.DefaultImsEndpoint) && file?.ImsEndpoint is { } named
            ? named
            : options.ImsEndpoint;

        return file is { TechnicalAccountId: not null }
            ? new JwtCredentials(identity, ims, secrets, file, PrivateKey(account, options, file))
            : new OAuthCredentials(identity, ims, secrets, Scopes(options, file));
    }

    /// <summary>Returns the organization and the client, read once from each options object. No file is needed if the options have both.</summary>
    /// <exception cref="AssetComputeAuthenticationException">One of them is missing or malformed.</exception>
    public AssetComputeIdentity ReadIdentity(string account, AssetComputeOptions options) => _identities.GetValue(
        options, _ => Identity(options, Named(options.OrganizationId) is null || Named(options.ClientId) is null ? ReadFile(account, options) : null));

    private static AssetComputeIdentity Identity(AssetComputeOptions options, CredentialsFile? file)
    {
        string organization = Named(options.OrganizationId) ?? file?.OrganizationId ?? throw Missing(nameof(options.OrganizationId));
        string client = Named(options.ClientId) ?? file?.ClientId ?? throw Missing(nameof(options.ClientId));
        string? problem = file is not null && client != file.ClientId
                ? $"The options name the client '{Shown(client)}', {file} the client '{Shown(file.ClientId)}': remove ClientId from the options, or name the file of that client."
            : !HeaderText.IsVisibleAscii(organization + client)
                ? $"The {(HeaderText.IsVisibleAscii(client) ? "organization" : "client")} id contains white space or a character that is not allowed in an HTTP header."
            : organization.Split('@') is not [{ Length: > 0 }, "AdobeOrg"]
                ? $"{nameof(options.OrganizationId)} is '{Shown(organization)}', which is not an IMS organization id: it must end with '@AdobeOrg', such as '1234567890ABCDEF12345678@AdobeOrg'. Adobe Developer Console shows it as the organization id of the credential."
            : null;
        return problem is null ? new AssetComputeIdentity { OrganizationId = organization, ClientId = client } : throw new AssetComputeAuthenticationException(problem);
    }

    private static IReadOnlyList<string> Secrets(AssetComputeOptions options, CredentialsFile? file)
    {
        string[] secrets = [.. options.ClientSecrets];
        int odd = Array.FindIndex(secrets, static secret => string.IsNullOrWhiteSpace(secret) || secret.Trim().Length != secret.Length);
        return secrets.Length == 0 ? file?.ClientSecrets ?? throw Missing(nameof(options.ClientSecrets))
            : odd < 0 ? secrets
            : throw new AssetComputeAuthenticationException(
                $"ClientSecrets[{odd}] {(string.IsNullOrWhiteSpace(secrets[odd]) ? "is empty." : "begins or ends with white space: was a line end copied with it?")}");
    }

    private static string[] Scopes(AssetComputeOptions options, CredentialsFile? file)
    {
        IReadOnlyList<string> defaults = options.UseDefaultScopes ? file?.Scopes ?? OAuthCredentials.DefaultScopes : [];
        string[] scopes = [.. defaults.Concat(options.Scopes).Distinct()];
        return scopes.Length == 0
                ? throw new AssetComputeAuthenticationException($"{nameof(options.Scopes)} is empty, and {nameof(options.UseDefaultScopes)} is false: add the scopes of the access token.")
            : Array.TrueForAll(scopes, static scope => scope.Length > 0 && !scope.Contains(',') && HeaderText.IsVisibleAscii(scope)) ? scopes
            : throw new AssetComputeAuthenticationException($"{nameof(options.Scopes)} contains a scope that is empty, or that contains white space or a comma: add each scope by itself.");
    }

    private static string? Named(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private static string Shown(string value) => RedactedText.Of(value, 100, []) ?? "";

    private static AssetComputeAuthenticationException Missing(string option) =>
        new($"{option} is missing: set it in the options, or name a credentials file in CredentialsFile or, for the account without a name, in the environment variable {FileVariable}.");

    private RsaPrivateKey PrivateKey(string account, AssetComputeOptions options, CredentialsFile file)
    {
        string? path = Named(options.PrivateKeyFile);
        if (path is null && file.PrivateKey is { } pem)
        {
            return new RsaPrivateKey(pem, options.PrivateKeyPassphrase, $"The private key in {file}");
        }

        path ??= account.Length == 0 ? Named(environment(PrivateKeyFileVariable)) : null;
        return path is not null
            ? new RsaPrivateKey(CredentialsFile.ReadText(path, "private key file"), options.PrivateKeyPassphrase, $"The private key file '{path}'")
            : throw new AssetComputeAuthenticationException(
                $"The private key is missing: {file} is a JWT credential without it. Name its PEM file in PrivateKeyFile or, for the account without a name, in the environment variable {PrivateKeyFileVariable}.");
    }

    private CredentialsFile? ReadFile(string account, AssetComputeOptions options)
    {
        string? path = Named(options.CredentialsFile);
        if (path is null && account.Length == 0 && options.ClientSecrets.Count == 0)
        {
            path = Named(environment(FileVariable));
        }

        return path is null ? null : CredentialsFile.Read(path, Named(options.ClientId));
    }
}
