namespace AssetCompute.Emulator;

/// <summary>How renditions are made, and how much of the machine they may take.</summary>
public sealed class EmulatorRenderingOptions
{
    /// <summary>How renditions come about. Default: <see cref="EmulatorRenderingMode.ImageMagick"/>.</summary>
    public EmulatorRenderingMode Mode { get; set; }

    /// <summary>How many renditions are worked on at once. Default: the number of processors.</summary>
    public int MaxConcurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// How long one rendition may be worked on before the worker process is killed, and how long one download may take. Real time,
    /// whatever the emulator's clock says. Default: 60 seconds.
    /// </summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The most pixels (width × height) of a source. Default: 128 million.</summary>
    public long MaxPixels { get; set; } = 128_000_000;

    /// <summary>The most bytes of memory that one worker process may take for pixels, and as much again for everything else. Default: 1 GiB.</summary>
    public long MaxMemoryBytes { get; set; } = 1L << 30;

    /// <summary>The most bytes of a source, a watermark or all files of an archive. Default: 256 MiB.</summary>
    public long MaxSourceBytes { get; set; } = 256L << 20;
}
