using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// What an account signs in with, as resolved from its options and its credentials file at one moment.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
internal abstract class ImsCredentials
{
    protected ImsCredentials(AssetComputeIdentity identity, Uri? imsEndpoint, IReadOnlyList<string> clientSecrets)
    {
        Identity = identity;
        ImsEndpoint = imsEndpoint is { IsAbsoluteUri: true }
            ? imsEndpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')
            : throw new AssetComputeAuthenticationException("ImsEndpoint is not an absolute URL.");
        ClientSecrets = clientSecrets;
    }

    public AssetComputeIdentity Identity { get; }

    /// <summary>The identity service, without a slash at the end.</summary>
    public string ImsEndpoint { get; }

    /// <summary>One at least; tried in order.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyList<string> ClientSecrets { get; }

    /// <summary>What the messages call it.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// What makes two credentials interchangeable for a token that was issued already: host, client, organization and scopes, but not the
    /// secrets, which are rotated while the token lives on.
    /// </summary>
    public abstract string TokenKey { get; }

    /// <summary>Where the token is asked for.</summary>
    public abstract Uri TokenUri { get; }

    /// <summary>In which unit that endpoint writes <c>expires_in</c>.</summary>
    public abstract ExpiresInUnit ExpiresInUnit { get; }

    /// <summary>Finds what would make every request fail, without sending one.</summary>
    /// <exception cref="AssetComputeAuthenticationException">The identity service is not https, or the private key is unusable.</exception>
    public virtual void Check()
    {
        if (!SecureUrl.IsValid(TokenUri))
        {
            throw new AssetComputeAuthenticationException($"The identity service {ImsEndpoint} is not https: the client secret is not sent there.");
        }
    }

    /// <summary>The fields of the request for a token.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, string>> CreateForm(string clientSecret, DateTimeOffset now);

    /// <summary>True when the next secret is worth a try after this refusal.</summary>
    public abstract bool IsSecretRefused(ImsAnswer answer);

    /// <summary>What the user can do about a refusal; empty when there is nothing to say.</summary>
    public abstract string Advice(ImsAnswer answer);

    /// <summary>The kind and the client; never a secret.</summary>
    public sealed override string ToString() => $"{Kind} credentials of client {Identity.ClientId} at {ImsEndpoint}";
}
