using System.Net.Http.Headers;

namespace AssetCompute.Client;

/// <summary>The media type of a data URI, such as <c>image/png</c> or <c>text/plain;charset=utf-8</c>.</summary>
internal static class MediaType
{
    /// <summary>Returns the media type without spaces and quotation marks, as data URIs need it; null if the text is not a media type.</summary>
    public static string? Normalize(string text)
    {
        if (!MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? parsed) || parsed!.Parameters.Any(static parameter => string.IsNullOrEmpty(parameter.Value)))
        {
            return null;
        }

        string normalized = parsed.MediaType + string.Concat(parsed.Parameters.Select(static parameter => $";{parameter.Name}={parameter.Value!.Trim('"')}"));
        return Rfc3986.IndexOfInvalid(normalized) < 0 && normalized.IndexOf(',') < 0 ? normalized : null;
    }
}
