namespace AssetCompute.Client;

/// <summary>A job that waits for events.</summary>
/// <param name="Request">The request, with its <see cref="ProcessRequest.RequestId"/>.</param>
/// <param name="Position">A position in the journal that every event of the job comes after.</param>
public sealed record OpenRenditionJob(ProcessRequest Request, JournalPosition Position);
