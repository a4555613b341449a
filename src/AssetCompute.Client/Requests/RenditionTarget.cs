using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>Where the service uploads a rendition: one pre-signed URL, or one URL for each part of a multipart upload.</summary>
/// <remarks>
/// Source: "target" in the rendition instructions of the API page. One URL is written as a plain string, parts as an object; both forms are
/// read. The service uploads part <i>n</i> to URL <i>n</i> and uploads nothing to URLs that it does not need. The caller completes the upload.
/// </remarks>
public sealed record RenditionTarget : ExtensibleModel
{
    /// <summary>Creates a target with one URL.</summary>
    /// <param name="url">The pre-signed PUT URL. It is sent unchanged, so it must be escaped as RFC 3986 requires.</param>
    /// <exception cref="ArgumentException"><paramref name="url"/> is null or empty.</exception>
    public RenditionTarget(string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        Url = url;
        Urls = [url];
    }

    /// <summary>Creates a target with several parts.</summary>
    /// <param name="urls">The pre-signed PUT URLs, one for each part, in order. They are sent unchanged.</param>
    /// <param name="maxPartSize">The maximum size of a part, in bytes; greater than 0.</param>
    /// <param name="minPartSize">The minimum size of every part but the last, in bytes. Default: none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="urls"/> is null.</exception>
    public RenditionTarget(IReadOnlyList<string> urls, long maxPartSize, long? minPartSize = null)
        : this(urls ?? throw new ArgumentNullException(nameof(urls)), minPartSize, (long?)maxPartSize)
    {
    }

    [JsonConstructor]
    internal RenditionTarget(IReadOnlyList<string>? urls, long? minPartSize, long? maxPartSize)
    {
        Urls = urls ?? [];
        MinPartSize = minPartSize;
        MaxPartSize = maxPartSize;
    }

    /// <summary>The URL to upload to; null if the target has parts.</summary>
    [JsonIgnore]
    public string? Url { get; }

    /// <summary>The URLs of the parts, in order. A target with one URL has one.</summary>
    [JsonPropertyName("urls")]
    public IReadOnlyList<string> Urls { get; }

    /// <summary>The minimum size of every part but the last, in bytes; null if there is none.</summary>
    [JsonPropertyName("minPartSize")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? MinPartSize { get; }

    /// <summary>The maximum size of a part, in bytes; null in a target with one URL.</summary>
    [JsonPropertyName("maxPartSize")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? MaxPartSize { get; }

    /// <summary>Creates a target with one URL. Characters that RFC 3986 does not allow are escaped; nothing else is changed.</summary>
    /// <param name="url">The pre-signed PUT URL.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static implicit operator RenditionTarget(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new RenditionTarget(Rfc3986.Escape(url));
    }

    private protected override string Describe() => Url is null ? Urls.Count == 1 ? "1 part" : $"{Urls.Count} parts" : RedactedUrl.Of(Url);

    internal sealed class Converter() : UrlOrObjectJsonConverter<RenditionTarget>(
        static url => url.Length > 0 ? new RenditionTarget(url) : null, static value => value.Url);
}
