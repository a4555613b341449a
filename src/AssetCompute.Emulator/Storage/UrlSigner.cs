using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AssetCompute.Emulator;

/// <summary>Signs storage URLs for one blob and one permission, until an expiry time.</summary>
internal sealed class UrlSigner(byte[] key, TimeProvider clock)
{
    public const string Read = "r";
    public const string Write = "w";

    public string SignedQuery(string name, string permission, TimeSpan lifetime)
    {
        var expires = (clock.GetUtcNow() + lifetime).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"?sp={permission}&se={expires}&sig={Sign(name, permission, expires)}";
    }

    /// <summary>Returns the reason why a request may not use the blob, or <see langword="null"/> if it may.</summary>
    public string? Refusal(string name, string permission, IQueryCollection query)
    {
        if (!Verifies(name, query))
        {
            return query["sig"].ToString().Length == 0
                ? "The URL is not signed."
                : "The signature does not match the URL: it was changed after it was signed, or signed by another storage.";
        }

        var signedPermission = query["sp"].ToString();
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(query["se"].ToString(), CultureInfo.InvariantCulture));
        if (clock.GetUtcNow() >= expiresAt)
        {
            return $"The URL expired at {expiresAt:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}.";
        }

        return signedPermission == permission
            ? null
            : $"The URL is signed for {(signedPermission == Read ? "reading" : "writing")}, not for {(permission == Read ? "reading" : "writing")}.";
    }

    /// <summary>Whether this emulator signed a URL, expired or not.</summary>
    public bool HasSigned(Uri url) => EmulatorStorage.NameOf(url) is { } name && Verifies(name, new QueryCollection(QueryHelpers.ParseQuery(url.Query)));

    private bool Verifies(string name, IQueryCollection query) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Sign(name, query["sp"].ToString(), query["se"].ToString())), Encoding.UTF8.GetBytes(query["sig"].ToString()));

    private string Sign(string name, string permission, string expires) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{permission}\n{expires}\n{name}")));
}
