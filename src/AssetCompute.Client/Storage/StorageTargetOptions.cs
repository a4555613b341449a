namespace AssetCompute.Client;

/// <summary>What a storage must know to make a target.</summary>
public sealed class StorageTargetOptions
{
    /// <summary>
    /// The most bytes that the rendition may have; over 0. Default: 100 MiB, which one URL takes. What may be larger gets a target of several
    /// parts, since the service sends at most 100 MiB to one URL.
    /// </summary>
    public long MaxSize { get; set; } = 100L << 20;

    /// <summary>How long the URLs work; over zero. Default: what the storage's options say.</summary>
    public TimeSpan? Lifetime { get; set; }
}
