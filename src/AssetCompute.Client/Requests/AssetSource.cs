using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>The location of the asset to process, and its known properties.</summary>
/// <remarks>
/// Source: "Source object fields" of the API page; <see cref="Headers"/> from the source of Adobe's worker SDK. A source that has only a URL is
/// written as a plain string, as the API page shows it; both forms are read.
/// </remarks>
public sealed record AssetSource : ExtensibleModel
{
    /// <summary>
    /// The URL to read the asset from: https, usually pre-signed, or a <c>data:</c> URI. It is sent unchanged, so it must be escaped as RFC 3986 requires. It
    /// is a string and not a <see cref="Uri"/>, because a data URI can be longer than <see cref="Uri"/> accepts on some frameworks, and no character of a
    /// signed URL must change.
    /// </summary>
    [JsonPropertyName("url")]
    public required string Url { get; init => field = value ?? ""; } // Null where an event leaves it out.

    /// <summary>The file name of the asset. The service uses its extension when it finds no MIME type. Default: the last segment of the URL's path.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The size of the asset in bytes. Default: the <c>content-length</c> that the storage returns.</summary>
    [JsonPropertyName("size")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? Size { get; init; }

    /// <summary>The MIME type of the asset. Default: the <c>content-type</c> that the storage returns.</summary>
    /// <remarks>Written as <c>mimetype</c>, the name in the API page's table; <c>mimeType</c> and <c>type</c> are read too.</remarks>
    [JsonPropertyName("mimetype")]
    public string? MimeType { get; init; }

    /// <summary>HTTP headers that the service sends when it reads the asset, such as <c>Authorization</c>. Default: none.</summary>
    /// <remarks>Not on the API page; supported by Adobe's worker SDK. <see cref="object.ToString"/> never shows their values.</remarks>
    [JsonPropertyName("headers")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [JsonInclude]
    [JsonPropertyName("mimeType")]
    internal string? MimeTypeInCamelCase { get => null; init => MimeType ??= value; }

    [JsonInclude]
    [JsonPropertyName("type")]
    internal string? MimeTypeAsType { get => null; init => MimeType ??= value; }

    /// <summary>Creates a source that is read from a URL. Characters that RFC 3986 does not allow are escaped; nothing else is changed.</summary>
    /// <param name="url">An absolute https URL, or a data URI.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static implicit operator AssetSource(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new AssetSource { Url = Rfc3986.Escape(url) };
    }

    /// <summary>Creates a source that is sent inside the request, as a data URI. Use it for small assets: the URI is a third longer than the bytes.</summary>
    /// <param name="content">The bytes of the asset.</param>
    /// <param name="mimeType">The media type of the asset, such as <c>image/png</c> or <c>text/plain; charset=utf-8</c>. Spaces are removed.</param>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is null, empty, or not a media type.</exception>
    public static AssetSource FromBytes(byte[] content, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        string mediaType = SecureUrl.NormalizeMediaType(mimeType)
            ?? throw new ArgumentException($"The value must be a media type, such as 'image/png' or 'text/plain;charset=utf-8'; it is '{mimeType}'.", nameof(mimeType));
        return new AssetSource { Url = $"data:{mediaType};base64,{Convert.ToBase64String(content)}" };
    }

    private protected override string Describe() => RedactedUrl.Of(Url);

    internal sealed class Converter() : UrlOrObjectJsonConverter<AssetSource>(
        static url => new() { Url = url },
        static value => value is { Name: null, Size: null, MimeType: null, Headers: null, ExtensionData: null } ? value.Url : null);
}
