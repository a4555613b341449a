using System.Text.Json;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// For how long a new token is good. The two endpoints write <c>expires_in</c> in different units, so that what they say is held against
/// what the token says of itself: a token thought good for a thousand days is a token that fails tomorrow.
/// </summary>
internal static class TokenLifetime
{
    /// <summary>Adobe's tokens live 24 hours; one that cannot be read is not believed to live longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The lifetime, and whether the answer was believed.</summary>
    /// <param name="expiresIn">What the endpoint said, in its unit; null when it said nothing.</param>
    /// <param name="unit">The endpoint's unit.</param>
    /// <param name="accessToken">The token.</param>
    /// <returns>The lifetime; zero or less when neither the answer nor the token names one.</returns>
    public static (TimeSpan Lifetime, bool Plausible) Of(double? expiresIn, ExpiresInUnit unit, string accessToken)
    {
        double milliseconds = unit == ExpiresInUnit.Seconds ? expiresIn * 1000 ?? 0 : expiresIn ?? 0;
        if (OfToken(accessToken) is not { } own)
        {
            return milliseconds > Longest.TotalMilliseconds
                ? (Longest, false)
                : (TimeSpan.FromMilliseconds(Math.Max(0, milliseconds)), true);
        }

        // Less than the whole is a token that was issued some time ago; about a thousandth of it, or more than all of it, is the other unit.
        double share = milliseconds / own.TotalMilliseconds;
        bool plausible = share is > 0 and <= 1.01 and not (> 0.00099 and < 0.00101);
        return plausible ? (TimeSpan.FromMilliseconds(Math.Min(milliseconds, own.TotalMilliseconds)), true) : (own, false);
    }

    /// <summary>The token's own <c>expires_in</c>, milliseconds; null when it cannot be read.</summary>
    private static TimeSpan? OfToken(string accessToken)
    {
        string[] parts = accessToken.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            using var payload = JsonDocument.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(parts[1]));
            return payload.RootElement.ValueKind == JsonValueKind.Object
                && WireNumber.Read(payload.RootElement, "expires_in") is > 0 and < 1e12 and { } milliseconds
                ? TimeSpan.FromMilliseconds(milliseconds)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // An opaque token: the answer alone has to do.
            return null;
        }
    }
}
