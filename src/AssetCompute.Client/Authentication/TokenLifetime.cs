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

    /// <summary>A clock may be this far ahead of Adobe's before a new token seems old.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>The lifetime, and whether the answer was believed.</summary>
    /// <param name="expiresIn">What the endpoint said, in its unit; null when it said nothing.</param>
    /// <param name="unit">The endpoint's unit.</param>
    /// <param name="accessToken">The token.</param>
    /// <param name="now">When it was asked for.</param>
    /// <returns>The lifetime; zero or less when neither the answer nor the token names one.</returns>
    public static (TimeSpan Lifetime, bool Plausible) Of(double? expiresIn, ExpiresInUnit unit, string accessToken, DateTimeOffset now)
    {
        double milliseconds = unit == ExpiresInUnit.Seconds ? expiresIn * 1000 ?? 0 : expiresIn ?? 0;
        if (OfToken(accessToken, now) is not { } own)
        {
            return milliseconds > Longest.TotalMilliseconds
                ? (Longest, false)
                : (TimeSpan.FromMilliseconds(Math.Max(0, milliseconds)), true);
        }

        // Less than what the token has left is believed; about a thousandth of its life, or more than what is left, is the other unit or no
        // truth at all.
        double thousandths = milliseconds * 1000 / own.Life.TotalMilliseconds;
        bool plausible = milliseconds > 0 && milliseconds <= own.Left.TotalMilliseconds * 1.01 && thousandths is not (> 0.99 and < 1.01);
        return plausible ? (TimeSpan.FromMilliseconds(Math.Min(milliseconds, own.Left.TotalMilliseconds)), true) : (own.Left, false);
    }

    /// <summary>
    /// What the token says: <c>expires_in</c>, and what of it is left after <c>created_at</c>, both in milliseconds; null when it cannot be
    /// read.
    /// </summary>
    private static (TimeSpan Life, TimeSpan Left)? OfToken(string accessToken, DateTimeOffset now)
    {
        string[] parts = accessToken.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            using var payload = JsonDocument.Parse(Decode(parts[1]));
            if (payload.RootElement.ValueKind != JsonValueKind.Object
                || WireNumber.Read(payload.RootElement, "expires_in") is not (> 0 and < 1e12 and { } expiresIn))
            {
                return null;
            }

            var life = TimeSpan.FromMilliseconds(expiresIn);
            TimeSpan age = WireNumber.Read(payload.RootElement, "created_at") is > 0 and < 1e14 and { } createdAt
                ? now - DateTimeOffset.FromUnixTimeMilliseconds((long)createdAt)
                : TimeSpan.Zero;

            // Outside these bounds it is this machine's clock that is wrong, and says nothing.
            return (life, age > ClockSkew && age < life ? life - age : life);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // An opaque token: the answer alone has to do.
            return null;
        }
    }

    /// <summary>By the framework, so that the assemblies that sign tokens are loaded only where one is signed.</summary>
    /// <exception cref="FormatException">It is not base64url.</exception>
    private static byte[] Decode(string base64Url)
    {
        string base64 = base64Url.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
    }
}
