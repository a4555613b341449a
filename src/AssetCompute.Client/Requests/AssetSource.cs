using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// Where the service finds the asset to process, and what is known of it beforehand.
/// </summary>
/// <remarks>
/// Source: "Source object fields" of the API page; <see cref="Headers"/> from the source of Adobe's worker SDK. A source that has nothing
/// but its URL is written as a plain string, as the API page shows it, and both forms are read.
/// </remarks>
[JsonConverter(typeof(AssetSourceJsonConverter))]
public sealed record AssetSource
{
    /// <summary>
    /// The URL to read the asset from: https, usually pre-signed, or a <c>data:</c> URI. A string and not a
    /// <see cref="Uri"/>, because a data URI of megabytes is longer than <see cref="Uri"/> accepts on every framework, and a signed URL
    /// must reach the service character by character as it was signed.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The file name of the asset; its extension serves where no MIME type can be found. Default: what the URL's path ends with.</summary>
    public string? Name { get; init; }

    /// <summary>The size of the asset in bytes. Default: what the storage answers in <c>content-length</c>.</summary>
    public long? Size { get; init; }

    /// <summary>The MIME type of the asset. Default: what the storage answers in <c>content-type</c>.</summary>
    /// <remarks>Written as <c>mimetype</c>, the name in the API page's table; <c>mimeType</c> and <c>type</c> are read too.</remarks>
    public string? MimeType { get; init; }

    /// <summary>Headers that the service sends when it reads the asset, such as <c>Authorization</c>. Default: none.</summary>
    /// <remarks>Not on the API page; honoured by Adobe's worker SDK. Values never appear in <see cref="ToString"/>.</remarks>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Every other field of the source object, as it is on the wire. Default: none.</summary>
    public JsonObject? CustomFields { get; init; }

    /// <summary>A source that is read from a URL.</summary>
    /// <param name="url">An absolute https URL, or a data URI.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static implicit operator AssetSource(Uri url) => FromUri(url);

    /// <summary>A source that is read from a URL.</summary>
    /// <param name="url">An absolute https URL, or a data URI.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static AssetSource FromUri(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new AssetSource { Url = url.OriginalString };
    }

    /// <summary>A source that travels inside the request, as a data URI. Meant for small assets: the URI is a third longer than the bytes.</summary>
    /// <param name="content">The bytes of the asset.</param>
    /// <param name="mimeType">The MIME type of the asset, such as <c>image/png</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is null or empty.</exception>
    public static AssetSource FromBytes(byte[] content, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        return new AssetSource { Url = $"data:{mimeType};base64,{Convert.ToBase64String(content)}" };
    }

    /// <summary>A text for logs: the URL without its query string or its data, never a header's value.</summary>
    public override string ToString() => RedactedUrl.Of(Url);
}
