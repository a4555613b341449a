namespace AssetCompute.Emulator;

/// <summary>How renditions come about.</summary>
public enum EmulatorRenderingMode
{
    /// <summary>ImageMagick 7 renders the source, in a worker process that comes with the emulator (the default).</summary>
    ImageMagick,

    /// <summary>
    /// Nothing is fetched and nothing is rendered: each image rendition is a fixed picture of one pixel. Requests, uploads and events
    /// are real. For load tests.
    /// </summary>
    None,
}
