using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// Where the service uploads a rendition: one pre-signed URL, or one for each part of a multi-part upload.
/// </summary>
/// <remarks>
/// Source: "target" in the rendition instructions of the API page. One URL is written as a plain string, several as an object, and both
/// are read. Part <i>n</i> goes to URL <i>n</i>; URLs that are not needed receive nothing, and committing the parts is the caller's part.
/// </remarks>
[JsonConverter(typeof(RenditionTargetJsonConverter))]
public sealed record RenditionTarget
{
    /// <summary>A target of one URL.</summary>
    /// <param name="url">The pre-signed PUT URL, character by character as it was signed.</param>
    /// <exception cref="ArgumentException"><paramref name="url"/> is null or empty.</exception>
    public RenditionTarget(string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        Url = url;
        Urls = [url];
    }

    /// <summary>A target of several parts.</summary>
    /// <param name="urls">The pre-signed PUT URLs, one for each part, in order.</param>
    /// <param name="maxPartSize">The most bytes that one part may have; over 0.</param>
    /// <param name="minPartSize">The fewest bytes that any part but the last may have. Default: none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="urls"/> is null.</exception>
    public RenditionTarget(IReadOnlyList<string> urls, long maxPartSize, long? minPartSize = null)
    {
        ArgumentNullException.ThrowIfNull(urls);
        Urls = urls;
        MaxPartSize = maxPartSize;
        MinPartSize = minPartSize;
    }

    internal RenditionTarget(IReadOnlyList<string> urls, long? maxPartSize, long? minPartSize, JsonObject? customFields)
    {
        Urls = urls;
        MaxPartSize = maxPartSize;
        MinPartSize = minPartSize;
        CustomFields = customFields;
    }

    /// <summary>The one URL to upload to, or null where the target has parts.</summary>
    public string? Url { get; }

    /// <summary>The URLs of the parts, in order; of a target of one URL, just that.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <summary>The fewest bytes that any part but the last may have, or null.</summary>
    public long? MinPartSize { get; }

    /// <summary>The most bytes that one part may have; null in a target of one URL.</summary>
    public long? MaxPartSize { get; }

    /// <summary>Every other field of a target of several parts, as it is on the wire. Default: none.</summary>
    public JsonObject? CustomFields { get; init; }

    /// <summary>A target of one URL.</summary>
    /// <param name="url">The pre-signed PUT URL.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static implicit operator RenditionTarget(Uri url) => FromUri(url);

    /// <summary>A target of one URL.</summary>
    /// <param name="url">The pre-signed PUT URL.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static RenditionTarget FromUri(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new RenditionTarget(url.OriginalString);
    }

    /// <summary>A text for logs: the URL without its query string, or how many parts there are.</summary>
    public override string ToString() => Url is null ? Urls.Count == 1 ? "1 part" : $"{Urls.Count} parts" : RedactedUrl.Of(Url);
}
