using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>The credentials of an account at one point in time, from its options and its credentials file.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal abstract class ImsCredentials(string kind, AssetComputeIdentity identity, Uri? imsEndpoint, IReadOnlyList<string> clientSecrets, string tokenPath, string tokenKey)
{
    public AssetComputeIdentity Identity => identity;

    /// <summary>The URL of the identity service, without a trailing slash.</summary>
    public string ImsEndpoint { get; } = imsEndpoint is { IsAbsoluteUri: true }
        ? imsEndpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')
        : throw new AssetComputeAuthenticationException("ImsEndpoint is not an absolute URL.");

    /// <summary>The client secrets, at least one. They are tried in order.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyList<string> ClientSecrets => clientSecrets;

    /// <summary>The token endpoint.</summary>
    public Uri TokenUri => new(ImsEndpoint + tokenPath);

    /// <summary>
    /// Credentials with the same key can use the same token. The key consists of host, client, organization and scopes. It does not include secrets, because
    /// they are rotated while a token is valid.
    /// </summary>
    public string TokenKey => string.Join("\n", kind, ImsEndpoint, identity.OrganizationId, identity.ClientId, tokenKey);

    /// <summary>The unit of <c>expires_in</c>: Adobe's two token endpoints differ, and the answer does not contain the unit.</summary>
    public abstract TimeSpan ExpiresInUnit { get; }

    /// <summary>Checks for errors that would make every request fail, without sending one.</summary>
    /// <exception cref="AssetComputeAuthenticationException">The identity service is not https, or the private key is unusable.</exception>
    public virtual void Check()
    {
        if (!SecureUrl.IsValid(TokenUri))
        {
            throw new AssetComputeAuthenticationException($"The identity service {ImsEndpoint} is not https: the client secret is not sent to it.");
        }
    }

    /// <summary>Returns the fields of the token request.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, string>> CreateForm(string clientSecret, DateTimeOffset now);

    /// <summary>True if the next secret may be accepted after this refusal.</summary>
    public abstract bool IsSecretRefused(ImsError error);

    /// <summary>True if the service may answer this error for a credential that Adobe has retired.</summary>
    public virtual bool IsRetired(ImsError error) => false;

    /// <summary>Returns advice for the user after a refusal, or an empty text.</summary>
    public abstract string GetAdvice(ImsError error);

    /// <summary>Returns the kind and the client, never a secret.</summary>
    public sealed override string ToString() => $"{kind} credentials of client {Identity.ClientId} at {ImsEndpoint}";
}
