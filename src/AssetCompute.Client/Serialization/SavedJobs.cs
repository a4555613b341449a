using System.Text.Json.Serialization;

namespace AssetCompute.Client.Serialization;

/// <summary>The saved form of waiting jobs.</summary>
internal sealed class SavedJobs
{
    [JsonPropertyName("jobs")]
    public IReadOnlyList<Job?>? Jobs { get; init; }

    /// <summary>One waiting job.</summary>
    internal sealed class Job
    {
        [JsonPropertyName("requestId")]
        public string? RequestId { get; init; }

        [JsonPropertyName("position")]
        public string? Position { get; init; }

        [JsonPropertyName("request")]
        public ProcessRequest? Request { get; init; }
    }
}
