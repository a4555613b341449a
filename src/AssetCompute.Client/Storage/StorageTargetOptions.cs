namespace AssetCompute.Client;

/// <summary>What a storage must know to make a target.</summary>
public sealed class StorageTargetOptions
{
    /// <summary>The most bytes that the service sends to one URL: 100 MiB.</summary>
    /// <remarks>Source: Adobe's transfer library, which refuses larger parts.</remarks>
    public const long MaxPartSize = 100L << 20;

    /// <summary>
    /// The most bytes that the rendition may have; over 0. Default: 100 MiB, which one URL takes. What may be larger gets a target of several
    /// parts. A rendition that is larger all the same fails with <see cref="RenditionFailureReason.RenditionTooLarge"/>.
    /// </summary>
    public long MaxSize { get; set; } = MaxPartSize;

    /// <summary>How long the URLs work; over zero. It should be well over the time that the job may take. Default: what the storage's options say.</summary>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>
    /// The MIME type of the rendition, for storages that want to know it beforehand (Amazon S3, for a target of several parts). Default: what the
    /// service says, where the storage can still take it.
    /// </summary>
    public string? ContentType { get; set; }
}
