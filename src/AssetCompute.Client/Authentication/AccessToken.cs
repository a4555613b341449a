using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>An access token and its expiration time.</summary>
/// <remarks><see cref="ToString"/> and the debugger's display never show the token.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AccessToken
{
    /// <summary>Creates a token.</summary>
    /// <param name="value">The token, without the word <c>Bearer</c>.</param>
    /// <param name="expiresOn">When it expires.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="value"/> is null or empty, or contains a character that is not allowed in an HTTP header.
    /// </exception>
    public AccessToken(string value, DateTimeOffset expiresOn)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (!HeaderText.IsVisibleAscii(value))
        {
            throw new ArgumentException("The token contains white space or a character that is not allowed in an HTTP header.", nameof(value));
        }

        Value = value;
        ExpiresOn = expiresOn;
    }

    /// <summary>The token, without the word <c>Bearer</c>.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    /// <summary>When the token expires.</summary>
    public DateTimeOffset ExpiresOn { get; }

    /// <summary>The client that the token was issued to, if known. It is sent with the token, so that the two always match.</summary>
    internal AssetComputeIdentity? Identity { get; init; }

    /// <summary>Returns the expiration time, never the token.</summary>
    public override string ToString() => $"{nameof(AccessToken)} {{ ExpiresOn = {ExpiresOn:O} }}";
}
