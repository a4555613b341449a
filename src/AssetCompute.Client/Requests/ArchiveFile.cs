using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// One file of an archive, for a rendition of <see cref="RenditionFormat.Zip"/>.
/// </summary>
/// <remarks>Source: "files" in the rendition instructions of the API page. A file without a path is written as a plain string; both forms are read.</remarks>
public sealed record ArchiveFile : ExtensibleModel
{
    /// <summary>The URL to read the file from: https, usually pre-signed, or a <c>data:</c> URI.</summary>
    [JsonPropertyName("url")]
    public required string Url
    {
        get;

        // Null where an event leaves it out.
        init => field = value ?? "";
    }

    /// <summary>The path of the file inside the archive. Default: chosen by the service, from the URL.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    /// <summary>Creates a file that is read from a URL. Characters that RFC 3986 does not allow are escaped; nothing else is changed.</summary>
    /// <param name="url">An absolute https URL.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static implicit operator ArchiveFile(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new ArchiveFile { Url = Rfc3986.Escape(url) };
    }

    /// <summary>Returns a text for logs: the path in the archive, and the URL without its query string.</summary>
    public override string ToString() => $"{Path} <- {RedactedUrl.Of(Url)}";
}
