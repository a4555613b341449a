namespace AssetCompute.Client;

/// <summary>Options of a target.</summary>
public sealed class StorageTargetOptions
{
    /// <summary>The maximum number of bytes that the service sends to one URL: 100 MiB.</summary>
    /// <remarks>Source: Adobe's transfer library, which refuses larger parts.</remarks>
    public const long MaxPartSize = 100L << 20;

    /// <summary>
    /// The maximum number of bytes of the rendition; over 0. Default: 100 MiB, the maximum for one URL. A larger value creates a target with several parts. A
    /// rendition that exceeds the value fails with <see cref="RenditionFailureReason.RenditionTooLarge"/>.
    /// </summary>
    public long MaxSize { get; set; } = MaxPartSize;

    /// <summary>
    /// How long the URLs are valid; over zero. It should be much longer than the job may take. Default: the value in the options of the storage.
    /// </summary>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>
    /// The MIME type of the rendition, for storages that need it in advance (Amazon S3, for a target with several parts). Default: the type that the service
    /// reports, if the storage can still set it.
    /// </summary>
    public string? ContentType { get; set; }
}
