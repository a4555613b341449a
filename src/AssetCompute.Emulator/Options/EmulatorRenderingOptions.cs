namespace AssetCompute.Emulator;

/// <summary>The options for making renditions, and the limits on the machine's resources.</summary>
public sealed class EmulatorRenderingOptions
{
    /// <summary>How renditions are made. Default: <see cref="EmulatorRenderingMode.ImageMagick"/>.</summary>
    public EmulatorRenderingMode Mode { get; set; }

    /// <summary>The maximum number of renditions in progress at once. Default: the number of processors.</summary>
    public int MaxConcurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>The time limit for one rendition, which ends its worker process, and for one download, in real time. Default: 60 seconds.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The maximum number of pixels (width × height) of a source. Default: 128 million.</summary>
    public long MaxPixels { get; set; } = 128_000_000;

    /// <summary>The maximum number of bytes of memory that a worker process may use for pixels, and again for everything else. Default: 1 GiB.</summary>
    public long MaxMemoryBytes { get; set; } = 1L << 30;

    /// <summary>The maximum size in bytes of a source, a watermark or all files of an archive. Default: 256 MiB.</summary>
    public long MaxSourceBytes { get; set; } = 256L << 20;
}
