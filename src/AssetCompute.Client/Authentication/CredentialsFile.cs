using System.Diagnostics;
using System.Text.Json;

namespace AssetCompute.Client.Authentication;

/// <summary>The content of a credentials file of Adobe's consoles, in any of its forms.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class CredentialsFile(string path, string organizationId, string clientId, IReadOnlyList<string> clientSecrets)
{
    private const int MaxBytes = 1024 * 1024;

    public string OrganizationId { get; } = organizationId;

    public string ClientId { get; } = clientId;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyList<string> ClientSecrets { get; } = clientSecrets;

    /// <summary>The identity service; null if the file does not contain it.</summary>
    public Uri? ImsEndpoint { get; init; }

    /// <summary>The scopes of an OAuth credential; null in a JWT credential.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The id of the technical account of a JWT credential; null in an OAuth credential.</summary>
    public string? TechnicalAccountId { get; init; }

    /// <summary>The names of the metascopes of a JWT credential.</summary>
    public IReadOnlyList<string> Metascopes { get; init; } = [];

    /// <summary>The private key of a JWT credential; null if the file does not contain it.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? PrivateKey { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="clientId">The client id of the credential to use, if there are several; null for the first.</param>
    /// <exception cref="AssetComputeAuthenticationException">The file cannot be read, or a field is missing or malformed.</exception>
    public static CredentialsFile Read(string path, string? clientId)
    {
        string text = ReadText(path, "credentials file").Trim();
        try
        {
            using JsonDocument document = Parse(text, path);
            return Read(new CredentialsField(document.RootElement, "$", path), path, clientId);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // An unpaired surrogate. The text of the exception may quote the file.
            throw new AssetComputeAuthenticationException($"The credentials file '{path}' contains text that is not valid Unicode.");
        }
    }

    /// <summary>Reads a small file: its text, or the base64 of a DER file.</summary>
    /// <exception cref="AssetComputeAuthenticationException">The file cannot be read.</exception>
    public static string ReadText(string path, string what)
    {
        const byte derSequence = 0x30;
        try
        {
            if (new FileInfo(path).Length <= MaxBytes)
            {
                // A byte of 0x80 or more after the first is the length in DER, and never valid UTF-8.
                return File.ReadAllBytes(path) is [derSequence, >= 0x80, ..] and byte[] der ? Convert.ToBase64String(der) : File.ReadAllText(path);
            }

            throw new AssetComputeAuthenticationException($"The {what} '{path}' is too large: it has more than {MaxBytes:N0} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string why = exception is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read";
            throw new AssetComputeAuthenticationException($"The {what} '{path}' {why}.", exception);
        }
    }

    /// <summary>Returns the path, never the content.</summary>
    public override string ToString() => $"the credentials file '{path}'";

    /// <summary>Reads the four forms of credentials that Adobe's consoles provide. The content shows the form.</summary>
    private static CredentialsFile Read(CredentialsField root, string path, string? clientId) =>
        root.Has("ORG_ID") || root.Has("CLIENT_ID") || root.Has("CLIENT_SECRETS") ? ReadOAuth(root, path)
        : root.Has("project") ? ReadProject(root["project"], path, clientId)
        : root.Has("integration") ? ReadIntegration(root["integration"], root["integration"], path)
        : root.Has("technicalAccount") ? ReadIntegration(root, root["technicalAccount"], path)
        : throw new AssetComputeAuthenticationException(
            $"The credentials file '{path}' is not one of Adobe's: its top level has neither ORG_ID (the OAuth credential), project (the project's download), integration (AEM's service credentials) nor technicalAccount (the YAML integration).");

    /// <summary>Reads the download of one OAuth server-to-server credential.</summary>
    private static CredentialsFile ReadOAuth(CredentialsField root, string path) =>
        new(path, root["ORG_ID"].Id(), root["CLIENT_ID"].Id(), root["CLIENT_SECRETS"].Texts()) { Scopes = root["SCOPES"].Scopes() };

    /// <summary>Reads the download of a project: the credential of the requested client, else the first OAuth credential, else the first of JWT.</summary>
    private static CredentialsFile ReadProject(CredentialsField project, string path, string? clientId)
    {
        string organization = project["org"]["ims_org_id"].Id();
        CredentialsField credentials = project["workspace"]["details"]["credentials"];
        IReadOnlyList<CredentialsField> items = credentials.Items();
        CredentialsFile[] found =
        [
            .. items.Select(static item => item.Optional("oauth_server_to_server")).OfType<CredentialsField>().Select(block =>
                new CredentialsFile(path, organization, block["client_id"].Id(), block["client_secrets"].Texts()) { Scopes = block["scopes"].Scopes() }),
            .. items.Select(static item => item.Optional("jwt")).OfType<CredentialsField>().Select(block =>
                new CredentialsFile(path, organization, block["client_id"].Id(), [block["client_secret"].Text()])
                {
                    TechnicalAccountId = block["technical_account_id"].Id(),
                    Metascopes = block["meta_scopes"].Metascopes(),
                }),
        ];

        return Array.Find(found, file => file.ClientId == clientId)
            ?? found.FirstOrDefault()
            ?? throw credentials.Malformed("contains neither an oauth_server_to_server nor a jwt credential");
    }

    /// <summary>
    /// Reads the service credentials of AEM as a Cloud Service, or the YAML integration file of Adobe's first client: JWT, usually with its key. The service
    /// credentials have a newer form: OAuth without a key.
    /// </summary>
    /// <param name="root">The integration.</param>
    /// <param name="owner">The object with the organization, the id and the key.</param>
    /// <param name="path">The path of the file.</param>
    private static CredentialsFile ReadIntegration(CredentialsField root, CredentialsField owner, string path)
    {
        CredentialsField technicalAccount = root["technicalAccount"];
        bool isOAuth = !owner.Has("privateKey") && root.Has("scopes");
        return new CredentialsFile(path, owner["org"].Id(), technicalAccount["clientId"].Id(), [technicalAccount["clientSecret"].Text()])
        {
            ImsEndpoint = root.Optional("imsEndpoint")?.Endpoint(),
            Scopes = isOAuth ? root["scopes"].Scopes() : null,
            TechnicalAccountId = isOAuth ? null : owner["id"].Id(),
            Metascopes = isOAuth ? [] : root["metascopes"].Metascopes(),
            PrivateKey = isOAuth ? null : owner.Optional("privateKey")?.Block(),
        };
    }

    private static JsonDocument Parse(string text, string path)
    {
        if (text.StartsWith("-----BEGIN", StringComparison.Ordinal))
        {
            throw new AssetComputeAuthenticationException($"The credentials file '{path}' is a PEM file: a private key is named in PrivateKeyFile.");
        }

        try
        {
            return text is ['{', ..] ? JsonDocument.Parse(text) : YamlToJson.Parse(text);
        }
        catch (JsonException exception)
        {
            // The parser's message may quote the file, so the error contains only the position.
            throw new AssetComputeAuthenticationException(
                $"The credentials file '{path}' is not valid JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
        catch (YamlDotNet.Core.YamlException exception)
        {
            throw new AssetComputeAuthenticationException(
                $"The credentials file '{path}' is neither JSON nor valid YAML: line {exception.Start.Line}, column {exception.Start.Column}.");
        }
    }
}
