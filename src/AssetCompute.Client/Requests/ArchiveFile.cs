using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// One file of an archive, for a rendition of <see cref="RenditionFormat.Zip"/>.
/// </summary>
/// <remarks>Source: "files" in the rendition instructions of the API page. A file without a path is written as a plain string, and both forms are read.</remarks>
[JsonConverter(typeof(ArchiveFileJsonConverter))]
public sealed record ArchiveFile
{
    /// <summary>The URL to read the file from: https, usually pre-signed.</summary>
    public required string Url { get; init; }

    /// <summary>The path of the file inside the archive. Default: the service's choice, from the URL.</summary>
    public string? Path { get; init; }

    /// <summary>Every other field of the file, as it is on the wire. Default: none.</summary>
    public JsonObject? CustomFields { get; init; }

    /// <summary>A file that is read from a URL.</summary>
    /// <param name="url">An absolute https URL.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static implicit operator ArchiveFile(Uri url) => FromUri(url);

    /// <summary>A file that is read from a URL.</summary>
    /// <param name="url">An absolute https URL.</param>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public static ArchiveFile FromUri(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new ArchiveFile { Url = url.OriginalString };
    }

    /// <summary>A text for logs: the path in the archive and the URL without its query string.</summary>
    public override string ToString() => $"{Path} <- {RedactedUrl.Of(Url)}";
}
