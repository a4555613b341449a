using System.Text;

namespace AssetCompute.Client;

/// <summary>What became of one rendition.</summary>
public sealed record RenderedFile
{
    /// <summary>The rendition, as it was asked for.</summary>
    public required FileRendition Requested { get; init; }

    /// <summary>The event of the rendition: <see cref="RenditionCreated"/> or <see cref="RenditionFailed"/>. Null where none came in time.</summary>
    public RenditionEvent? Event { get; init; }

    /// <summary>
    /// Why there is no file although the service did not fail the rendition: no event came in time, the download failed, or what came was not what the event says. Where it did
    /// fail it, why it could not be asked for once more. Null otherwise.
    /// </summary>
    public Exception? Error { get; init; }

    /// <summary>The name of the rendition in the storage, where <see cref="RenderOptions.KeepInStorage"/> left it there; null otherwise.</summary>
    public string? StorageName { get; init; }

    /// <summary>Whether the file is there, whole.</summary>
    public bool Succeeded => Error is null && Event is RenditionCreated;

    /// <summary>The text for logs: the path, the event and the error.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Path = {Requested.Path}, Event = {Event}, Error = {Error?.Message}");
        return true;
    }
}
