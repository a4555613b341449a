using System.Text;

namespace AssetCompute.Client;

/// <summary>What became of a file's renditions.</summary>
public sealed record RenderResult
{
    /// <summary>The id of the last request, for the service's support.</summary>
    public required string RequestId { get; init; }

    /// <summary>The path or the name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>One for each rendition, in the order in which they were asked for.</summary>
    public required IReadOnlyList<RenderedFile> Files { get; init; }

    /// <summary>The name of the source in the storage, where <see cref="RenderOptions.KeepInStorage"/> left it there; null otherwise.</summary>
    public string? SourceStorageName { get; init; }

    /// <summary>What could not be removed from the storage, by name. Normally nothing.</summary>
    public IReadOnlyList<string> LeftBehind { get; init; } = [];

    /// <summary>Whether every rendition is there as a file.</summary>
    public bool Succeeded => Files.All(static file => file.Succeeded);

    /// <summary>The text for logs: the source, the request, and how many files there are.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Source = {Source}, RequestId = {RequestId}, Succeeded = {Files.Count(static file => file.Succeeded)} of {Files.Count}");
        return true;
    }
}
