using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// Jobs that wait for events, and where to read on for them: what outlives the process.
/// </summary>
/// <remarks>Treat it as a secret: the requests hold the pre-signed URLs they were made with.</remarks>
public sealed record RenditionJobsSnapshot
{
    /// <summary>The position in the journal that every event of the jobs comes after.</summary>
    public required JournalPosition Position { get; init; }

    /// <summary>The requests of the jobs, each with its <see cref="ProcessRequest.RequestId"/>.</summary>
    public required IReadOnlyList<ProcessRequest> Requests { get; init; }

    /// <summary>The snapshot as JSON in UTF-8; <see cref="FromJson"/> reads it.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new SavedJobs
        {
            Position = Position.ToString(),
            Jobs = [.. Requests.Select(request => new SavedJob { RequestId = request.RequestId ?? "", Request = request })],
        },
        AssetComputeJsonContext.Default.SavedJobs);

    /// <summary>Reads back what <see cref="ToJson"/> has written.</summary>
    /// <param name="json">JSON in UTF-8.</param>
    /// <exception cref="FormatException"><paramref name="json"/> is not a snapshot.</exception>
    public static RenditionJobsSnapshot FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            SavedJobs saved = JsonSerializer.Deserialize(json, AssetComputeJsonContext.Default.SavedJobs)
                ?? throw new FormatException("The JSON is not a snapshot of rendition jobs.");
            return new RenditionJobsSnapshot
            {
                Position = JournalPosition.Parse(saved.Position),
                Requests = [.. saved.Jobs.Select(job => job.Request with { RequestId = job.RequestId })],
            };
        }
        catch (JsonException exception)
        {
            throw new FormatException("The JSON is not a snapshot of rendition jobs.", exception);
        }
    }

    /// <summary>The position and how many jobs there are; never a URL.</summary>
    public override string ToString() => $"{nameof(RenditionJobsSnapshot)} {{ Position = {Position}, Requests = {Requests.Count} }}";
}
