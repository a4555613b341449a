namespace AssetCompute.Client;

/// <summary>The result of a file and its renditions.</summary>
public sealed record RenderResult
{
    /// <summary>The id of the last request, for Adobe's support; empty if no request was accepted.</summary>
    public required string RequestId { get; init; }

    /// <summary>The path or the name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>One result for each requested rendition, in the order of the call.</summary>
    public required IReadOnlyList<RenderedFile> Files { get; init; }

    /// <summary>The names of objects that could not be removed from the storage. Normally empty.</summary>
    public IReadOnlyList<string> LeftBehind { get; init; } = [];

    /// <summary>Whether every rendition was written to its file.</summary>
    public bool Succeeded => Files.All(static file => file.Succeeded);

    /// <summary>Returns a text for logs: the source, the request, and the number of files.</summary>
    public override string ToString() =>
        $"{nameof(RenderResult)} {{ Source = {Source}, RequestId = {RequestId}, Succeeded = {Files.Count(static file => file.Succeeded)} of {Files.Count} }}";
}
