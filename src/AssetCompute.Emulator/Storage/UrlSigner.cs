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
        var signedPermission = query["sp"].ToString();
        var expires = query["se"].ToString();
        var signature = query["sig"].ToString();
        if (signature.Length == 0)
        {
            return "The URL is not signed.";
        }

        if (!Verifies(name, signedPermission, expires, signature))
        {
            return "The signature does not match the URL: it was changed after it was signed, or signed by another storage.";
        }

        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(expires, CultureInfo.InvariantCulture));
        if (clock.GetUtcNow() >= expiresAt)
        {
            return $"The URL expired at {expiresAt:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}.";
        }

        return signedPermission == permission
            ? null
            : $"The URL is signed for {(signedPermission == Read ? "reading" : "writing")}, not for {(permission == Read ? "reading" : "writing")}.";
    }

    /// <summary>Whether this emulator signed a URL, expired or not.</summary>
    public bool HasSigned(Uri url)
    {
        if (!url.AbsolutePath.StartsWith(EmulatorStorage.Path, StringComparison.Ordinal))
        {
            return false;
        }

        var query = QueryHelpers.ParseQuery(url.Query);
        string Value(string key) => query.TryGetValue(key, out var value) ? value.ToString() : "";
        return Verifies(Uri.UnescapeDataString(url.AbsolutePath[EmulatorStorage.Path.Length..]), Value("sp"), Value("se"), Value("sig"));
    }

    private bool Verifies(string name, string permission, string expires, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(name, permission, expires)), Encoding.UTF8.GetBytes(signature));

    private string Sign(string name, string permission, string expires) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{permission}\n{expires}\n{name}")));
}
