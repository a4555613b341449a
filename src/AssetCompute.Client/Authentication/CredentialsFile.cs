using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>What a credentials file of Adobe's consoles says.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class CredentialsFile
{
    public required string Path { get; init; }

    public required string OrganizationId { get; init; }

    public required string ClientId { get; init; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public required IReadOnlyList<string> ClientSecrets { get; init; }

    /// <summary>Null where the file does not name it.</summary>
    public Uri? ImsEndpoint { get; init; }

    /// <summary>Null where the file does not name them.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Reads a file, whichever of Adobe's it is.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="clientId">Which of several credentials to take; null for the first.</param>
    /// <exception cref="AssetComputeAuthenticationException">It cannot be read, or a field is missing or malformed.</exception>
    public static CredentialsFile Read(string path, string? clientId) =>
        throw new AssetComputeAuthenticationException($"The credentials file '{path}' cannot be read yet; set the options (client '{clientId}') instead.");

    public override string ToString() => $"the credentials file '{Path}'";
}
