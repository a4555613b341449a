using System.Text.Json;
using System.Text.Json.Serialization;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client;

/// <summary>Waiting jobs, and the positions to continue reading at, for another process.</summary>
/// <remarks>Treat it as a secret: the requests contain pre-signed URLs.</remarks>
public sealed record RenditionJobsSnapshot
{
    /// <summary>The waiting jobs.</summary>
    public required IReadOnlyList<OpenRenditionJob> Jobs { get; init; }

    /// <summary>Returns the snapshot as JSON in UTF-8. <see cref="FromJson"/> reads it.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new Saved([.. Jobs.Select(static job => new SavedJob(job.Request.RequestId ?? "", job.Position.ToString(), job.Request))]), AssetComputeJsonContext.Default.Saved);

    /// <summary>Parses the JSON that <see cref="ToJson"/> returns.</summary>
    /// <param name="json">JSON in UTF-8.</param>
    /// <exception cref="FormatException"><paramref name="json"/> is not a snapshot.</exception>
    public static RenditionJobsSnapshot FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return new RenditionJobsSnapshot { Jobs = [.. (JsonSerializer.Deserialize(json, AssetComputeJsonContext.Default.Saved)?.Jobs ?? throw NotASnapshot(null)).Select(Open)] };
        }
        catch (JsonException exception)
        {
            throw NotASnapshot(exception);
        }
    }

    private static OpenRenditionJob Open(SavedJob? job) => job is { RequestId: { } requestId, Position: { } position, Request: { Renditions: { } renditions } request } && renditions.All(static rendition => rendition is not null)
        ? new OpenRenditionJob { Request = request with { RequestId = requestId }, Position = JournalPosition.Parse(position) }
        : throw NotASnapshot(null);

    private static FormatException NotASnapshot(Exception? cause) => new("The JSON is not a snapshot of rendition jobs.", cause);

    internal sealed record Saved([property: JsonPropertyName("jobs")] IReadOnlyList<SavedJob?>? Jobs);

    internal sealed record SavedJob(
        [property: JsonPropertyName("requestId")] string? RequestId,
        [property: JsonPropertyName("position")] string? Position,
        [property: JsonPropertyName("request")] ProcessRequest? Request);
}
