namespace AssetExport;

/// <summary>A file to export to a destination: the original of an asset, or a rendition of it.</summary>
/// <param name="name">See <see cref="Name"/>.</param>
/// <param name="transfer">See <see cref="Transfer"/>.</param>
/// <param name="length">See <see cref="Length"/>.</param>
/// <param name="contentType">See <see cref="ContentType"/>.</param>
/// <param name="open">Opens the bytes.</param>
public sealed class ExportItem(string name, string transfer, long length, string? contentType, Func<CancellationToken, Task<Stream>> open)
{
    /// <summary>
    /// The name. By default, it is derived from the path of the asset: <c>content/dam/campaign/photo.jpg</c>, and for a rendition
    /// <c>content/dam/campaign/photo.jpg.renditions/web.png</c>. No segment is empty, <c>.</c> or <c>..</c>, and there are no backslashes or control characters.
    /// </summary>
    public string Name { get; } = name;

    /// <summary>The last segment of <see cref="Name"/>.</summary>
    public string FileName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>A unique name for this attempt: 32 hexadecimal digits that identify the export, a dot, and the number of the attempt, from 1.</summary>
    public string Transfer { get; } = transfer;

    /// <summary>The size in bytes.</summary>
    public long Length { get; } = length;

    /// <summary>The MIME type.</summary>
    public string ContentType { get; } = contentType ?? "application/octet-stream";

    /// <summary>The path of the asset in AEM; empty for a probe.</summary>
    public string AssetPath { get; init; } = "";

    /// <summary>The metadata of the asset.</summary>
    public AssetMetadata Metadata { get; init; } = new(new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>Whether an earlier attempt may have left files behind.</summary>
    internal bool HasPredecessor => !Transfer.EndsWith(".1", StringComparison.Ordinal);

    /// <summary>The common prefix of the names of all attempts at this export.</summary>
    internal string TransferPrefix => Transfer[..(Transfer.IndexOf('.', StringComparison.Ordinal) + 1)];

    /// <summary>
    /// Opens the bytes. Each call reads them from the start. They are not in memory, and the stream cannot seek. If the bytes are not those of the asset, the
    /// stream throws an exception instead of returning the last bytes. In this case, remove what was written.
    /// </summary>
    public Task<Stream> OpenReadAsync(CancellationToken cancellationToken) => open(cancellationToken);
}
