namespace AssetCompute.Client;

/// <summary>What became of one of many files.</summary>
public sealed record RenderManyResult
{
    /// <summary>The source, and the renditions that were to be made; finished ones are left out.</summary>
    public required RenderFile File { get; init; }

    /// <summary>The results of the renditions; null where the file failed as a whole (<see cref="Error"/>).</summary>
    public RenderResult? Result { get; init; }

    /// <summary>Why the file failed as a whole: the source cannot be read, the storage or the service refused. Null otherwise.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether every rendition was written to its file.</summary>
    public bool Succeeded => Result is { Succeeded: true };

    /// <summary>Returns a text for logs: the path of the source, and the result or the error.</summary>
    public override string ToString() => $"{nameof(RenderManyResult)} {{ Path = {File.Path}, Result = {Result}, Error = {Error?.Message} }}";
}
