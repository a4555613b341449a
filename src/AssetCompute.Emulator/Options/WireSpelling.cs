namespace AssetCompute.Emulator;

/// <summary>
/// Which of two truths the emulator speaks where Adobe's documentation and Adobe's published code disagree.
/// </summary>
public enum WireSpelling
{
    /// <summary>
    /// As Adobe's published code does (the default): <c>source</c> of an event is the URL as a string, <c>userData</c> is the
    /// request's, sizes are <c>tiff:imageWidth</c> and <c>tiff:imageHeight</c>, a failed upload's size is not in the event,
    /// the reason of a failed download is lost, and a 429 carries the gateway's JSON body.
    /// </summary>
    Code,

    /// <summary>
    /// As the API's documentation says: <c>source</c> of an event is an object, <c>userData</c> is the rendition's, sizes are
    /// <c>tiff:ImageWidth</c> and <c>tiff:ImageLength</c>, <c>RenditionTooLarge</c> carries <c>repo:size</c>, failed downloads say
    /// why, and a 429 has no body.
    /// </summary>
    Documentation,
}
