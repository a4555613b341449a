namespace AssetCompute.Client;

/// <summary>The result of one of many files.</summary>
public sealed record RenderManyResult
{
    /// <summary>The source, and the requested renditions without finished ones.</summary>
    public required RenderFile File { get; init; }

    /// <summary>The results of the renditions; null if the whole file failed (<see cref="Error"/>).</summary>
    public RenderResult? Result { get; init; }

    /// <summary>Why the whole file failed: the source cannot be read, or the storage or the service refused. Null otherwise.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether every rendition was written to its file.</summary>
    public bool Succeeded => Result is { Succeeded: true };

    /// <summary>Returns a text for logs: the path of the source, and the result or the error.</summary>
    public override string ToString() => $"{nameof(RenderManyResult)} {{ Path = {File.Path}, Result = {Result}, Error = {Error?.Message} }}";
}
