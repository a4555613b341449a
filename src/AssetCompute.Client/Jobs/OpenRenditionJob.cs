namespace AssetCompute.Client;

/// <summary>A job that waits for events.</summary>
public sealed record OpenRenditionJob
{
    /// <summary>The request, with its <see cref="ProcessRequest.RequestId"/>.</summary>
    public required ProcessRequest Request { get; init; }

    /// <summary>A position in the journal before every event of the job.</summary>
    public required JournalPosition Position { get; init; }
}
