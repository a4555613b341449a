using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// An access token and the time at which it ends.
/// </summary>
/// <remarks>The token never appears in <see cref="ToString"/> or in the debugger's display.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AccessToken
{
    /// <summary>A token.</summary>
    /// <param name="value">The token, without the word <c>Bearer</c>.</param>
    /// <param name="expiresOn">When it ends.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="value"/> is null or empty, or holds a character that cannot stand in an HTTP header.
    /// </exception>
    public AccessToken(string value, DateTimeOffset expiresOn)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (!HeaderText.IsVisibleAscii(value))
        {
            throw new ArgumentException("The token holds white space or a character that cannot stand in an HTTP header.", nameof(value));
        }

        Value = value;
        ExpiresOn = expiresOn;
        AuthorizationHeader = "Bearer " + value;
    }

    /// <summary>The token, without the word <c>Bearer</c>.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    /// <summary>When the token ends.</summary>
    public DateTimeOffset ExpiresOn { get; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string AuthorizationHeader { get; }

    /// <summary>Whom the token was issued to, where the SDK knows: sent with it, so that the two never belong to different clients.</summary>
    internal AssetComputeIdentity? Identity { get; init; }

    /// <summary>When the token ends; never the token itself.</summary>
    public override string ToString() => $"{nameof(AccessToken)} {{ ExpiresOn = {ExpiresOn:O} }}";
}
