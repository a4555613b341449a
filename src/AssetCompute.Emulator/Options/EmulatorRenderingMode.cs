namespace AssetCompute.Emulator;

/// <summary>How renditions are made.</summary>
public enum EmulatorRenderingMode
{
    /// <summary>ImageMagick 7 renders the source in a worker process that is part of the emulator (the default).</summary>
    ImageMagick,

    /// <summary>Nothing is fetched or rendered: each image is a fixed one of one pixel. Requests, uploads and events are real. For load tests.</summary>
    None,
}
