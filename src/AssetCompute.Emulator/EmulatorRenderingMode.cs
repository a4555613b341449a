namespace AssetCompute.Emulator;

/// <summary>How renditions come about.</summary>
public enum EmulatorRenderingMode
{
    /// <summary>ImageMagick renders the source, as a child process (the default).</summary>
    ImageMagick,

    /// <summary>
    /// Nothing is fetched and nothing is rendered: each image rendition is a fixed picture of one pixel. Requests, uploads and events
    /// are real. For load tests, and for machines without ImageMagick.
    /// </summary>
    None,
}
