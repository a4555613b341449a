using System.Net.Http.Headers;

namespace AssetCompute.Client;

/// <summary>The URLs that the service is allowed to read from and to write to.</summary>
internal static class SecureUrl
{
    private const string DataScheme = "data:";
    private const string Base64 = ";base64";

    /// <summary>True for an absolute https URL, and for http to a loopback address, which does not leave the machine.</summary>
    public static bool IsValid(string? url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && IsValid(uri);

    /// <summary>True for an absolute https URL, and for http to a loopback address, which does not leave the machine.</summary>
    public static bool IsValid(Uri url) =>
        url.IsAbsoluteUri
        && url.Host.Length > 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>True for a data URI of any length. It is not parsed: <see cref="Uri"/> refuses long ones on some frameworks.</summary>
    public static bool IsDataUri(string url) =>
        url.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase) && url.IndexOf(',') >= DataScheme.Length;

    /// <summary>Returns the media type of a data URI, which may be empty, and whether the data is base64.</summary>
    public static (string MediaType, bool IsBase64) ReadHead(string dataUri)
    {
        string type = dataUri.Substring(DataScheme.Length, dataUri.IndexOf(',') - DataScheme.Length);
        bool isBase64 = type.EndsWith(Base64, StringComparison.OrdinalIgnoreCase);
        return (isBase64 ? type.Substring(0, type.Length - Base64.Length) : type, isBase64);
    }

    /// <summary>True for a data URI whose media type is left out or well-formed.</summary>
    public static bool HasMediaType(string dataUri) => ReadHead(dataUri).MediaType is var type && (type.Length == 0 || NormalizeMediaType(type) == type);

    /// <summary>Returns a media type without spaces and quotation marks, as data URIs need it; null if the text is not a media type.</summary>
    public static string? NormalizeMediaType(string text)
    {
        if (!MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? parsed) || parsed!.Parameters.Any(static parameter => string.IsNullOrEmpty(parameter.Value)))
        {
            return null;
        }

        string normalized = parsed.MediaType + string.Concat(parsed.Parameters.Select(static parameter => $";{parameter.Name}={parameter.Value!.Trim('"')}"));
        return Rfc3986.IndexOfInvalid(normalized) < 0 && normalized.IndexOf(',') < 0 ? normalized : null;
    }
}
