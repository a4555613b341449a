namespace AssetExport;

/// <summary>A file to export to a destination: the original of an asset, or a rendition of it.</summary>
/// <param name="open">Opens the bytes.</param>
public sealed class ExportItem(Func<CancellationToken, Task<Stream>> open)
{
    /// <summary>
    /// The name. By default, it is derived from the path of the asset: <c>content/dam/campaign/photo.jpg</c>, and for a rendition
    /// <c>content/dam/campaign/photo.jpg.renditions/web.png</c>. No segment is empty, <c>.</c> or <c>..</c>, and there are no backslashes or control characters.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>A unique name for this attempt: 32 hexadecimal digits that identify the export, a dot, and the number of the attempt, from 1.</summary>
    public required string Transfer { get; init; }

    /// <summary>The size in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The MIME type. Default: <c>application/octet-stream</c>.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>The path of the asset in AEM; empty for a probe.</summary>
    public string AssetPath { get; init; } = "";

    /// <summary>The metadata of the asset. Default: none.</summary>
    public AssetMetadata Metadata { get; init; } = new(new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>Whether an earlier attempt may have left files behind.</summary>
    internal bool HasPredecessor => !Transfer.EndsWith(".1", StringComparison.Ordinal);

    /// <summary>
    /// Opens the bytes. Each call reads them from the start. They are not in memory, and the stream cannot seek. If the bytes are not those of the asset, the
    /// stream throws an exception instead of returning the last bytes. In this case, remove what was written.
    /// </summary>
    public Task<Stream> OpenReadAsync(CancellationToken cancellationToken) => open(cancellationToken);

    /// <summary>Whether an incomplete file is of an earlier attempt at this export.</summary>
    internal bool IsOwn(string file) => file.StartsWith(Transfer[..(Transfer.IndexOf('.', StringComparison.Ordinal) + 1)], StringComparison.Ordinal);

    /// <summary>Whether an incomplete file is of an earlier attempt at this export, or so old that nothing writes to it: a transfer without progress ends within a day.</summary>
    internal bool IsLeftover(string file, DateTimeOffset modified) => IsOwn(file) || DateTimeOffset.UtcNow - modified > TimeSpan.FromDays(2);
}
