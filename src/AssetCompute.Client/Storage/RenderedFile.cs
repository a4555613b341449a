namespace AssetCompute.Client;

/// <summary>The result of one rendition.</summary>
public sealed record RenderedFile
{
    /// <summary>The requested rendition.</summary>
    public required FileRendition Requested { get; init; }

    /// <summary>The event of the rendition: <see cref="RenditionCreated"/> or <see cref="RenditionFailed"/>. Null if no event arrived in time.</summary>
    public RenditionEvent? Event { get; init; }

    /// <summary>
    /// If the service did not fail the rendition, why there is no file: no event arrived in time, the download failed, the bytes did not match the event, or
    /// one of many files failed as a whole. If the service failed it, why it could not be requested once more. Null otherwise.
    /// </summary>
    public Exception? Error { get; init; }

    /// <summary>Whether the complete file was written.</summary>
    public bool Succeeded => Error is null && Event is RenditionCreated;

    /// <summary>Returns a text for logs: the path, and the event and the error if there are any.</summary>
    public override string ToString() =>
        $"{nameof(RenderedFile)} {{ Path = {Requested.Path}{(Event is null ? "" : $", Event = {Event}")}{(Error is null ? "" : $", Error = {Error.Message}")} }}";
}
