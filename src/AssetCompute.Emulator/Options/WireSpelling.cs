namespace AssetCompute.Emulator;

/// <summary>Whether the emulator follows Adobe's published code or Adobe's documentation where they disagree.</summary>
public enum WireSpelling
{
    /// <summary>
    /// Follows Adobe's published code (the default). <c>source</c> of an event is the URL as a string, <c>userData</c> is that of the request, sizes are
    /// <c>tiff:imageWidth</c> and <c>tiff:imageHeight</c>, the event of a failed upload doesn't contain the size, the event of a failed download doesn't
    /// contain the reason, and a 429 has the gateway's JSON body.
    /// </summary>
    Code,

    /// <summary>
    /// Follows the documentation of the API. <c>source</c> of an event is an object, <c>userData</c> is that of the rendition, sizes are
    /// <c>tiff:ImageWidth</c> and <c>tiff:ImageLength</c>, <c>RenditionTooLarge</c> contains <c>repo:size</c>, the event of a failed download contains
    /// the reason, and a 429 has no body.
    /// </summary>
    Documentation,
}
