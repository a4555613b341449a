using System.Diagnostics;
using System.Text.Json;

namespace AssetCompute.Client.Authentication;

/// <summary>The content of a credentials file of Adobe's consoles, in whichever form.</summary>
/// <param name="path">The path of the file.</param>
/// <param name="organizationId">The IMS organization.</param>
/// <param name="clientId">The client.</param>
/// <param name="clientSecrets">The client secrets, at least one.</param>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class CredentialsFile(string path, string organizationId, string clientId, IReadOnlyList<string> clientSecrets)
{
    private const int MaxBytes = 1024 * 1024;

    public string OrganizationId { get; } = organizationId;

    public string ClientId { get; } = clientId;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyList<string> ClientSecrets { get; } = clientSecrets;

    /// <summary>Null where the file does not name it.</summary>
    public Uri? ImsEndpoint { get; init; }

    /// <summary>The scopes of an OAuth credential; null in a JWT credential.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>What a JWT credential has beyond the client; null in an OAuth credential.</summary>
    public ServiceAccount? ServiceAccount { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="clientId">Which of several credentials to take; null for the first.</param>
    /// <exception cref="AssetComputeAuthenticationException">The file cannot be read, or a field is missing or malformed.</exception>
    public static CredentialsFile Read(string path, string? clientId)
    {
        string text = ReadText(path, "credentials file").Trim();
        try
        {
            using JsonDocument document = Parse(text, path);
            return CredentialsForms.Read(new CredentialsField(document.RootElement, "$", path), path, clientId);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // Half of a surrogate pair. The text of the exception may quote the file.
            throw new AssetComputeAuthenticationException($"The credentials file '{path}' contains text that is not valid Unicode.");
        }
    }

    /// <summary>Reads a small file: its text, or the base64 of a file of DER.</summary>
    /// <exception cref="AssetComputeAuthenticationException">It cannot be read.</exception>
    public static string ReadText(string path, string what)
    {
        const byte derSequence = 0x30;
        try
        {
            if (new FileInfo(path).Length <= MaxBytes)
            {
                // A byte of 0x80 or more after the first is the length of DER, and never UTF-8.
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

    /// <summary>The path; never the content.</summary>
    public override string ToString() => $"the credentials file '{path}'";

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
            // The parser's own text may quote the file: only the place is told.
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
