namespace AssetExport;

/// <summary>A file on its way to a destination: the original of an asset, or a rendition of it.</summary>
/// <param name="name">See <see cref="Name"/>.</param>
/// <param name="transfer">See <see cref="Transfer"/>.</param>
/// <param name="length">See <see cref="Length"/>.</param>
/// <param name="contentType">See <see cref="ContentType"/>.</param>
/// <param name="open">Opens the bytes.</param>
public sealed class ExportItem(string name, string transfer, long length, string? contentType, Func<CancellationToken, Task<Stream>> open)
{
    /// <summary>
    /// The name that follows from the asset: its path without the first slash, such as <c>content/dam/campaign/photo.jpg</c>; for a rendition
    /// <c>content/dam/campaign/photo.jpg.renditions/web.png</c>. No segment is empty, <c>.</c> or <c>..</c>, and there are neither backslashes nor control characters.
    /// </summary>
    public string Name { get; } = name;

    /// <summary>The last part of <see cref="Name"/>.</summary>
    public string FileName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>A name of this very attempt, such as for a temporary file: 32 hexadecimal digits that follow from the export, a dot, and the number of the claim.</summary>
    public string Transfer { get; } = transfer;

    /// <summary>How many bytes there are.</summary>
    public long Length { get; } = length;

    /// <summary>The MIME type.</summary>
    public string ContentType { get; } = contentType ?? "application/octet-stream";

    /// <summary>
    /// Opens the bytes; each call reads them anew. They are not held in memory, and cannot be sought. Reading throws rather than to give out the last bytes of something that is
    /// not the asset: what is written must be thrown away then.
    /// </summary>
    public Task<Stream> OpenReadAsync(CancellationToken cancellationToken) => open(cancellationToken);
}
