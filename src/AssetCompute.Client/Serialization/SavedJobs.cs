using System.Text.Json.Serialization;

namespace AssetCompute.Client.Serialization;

/// <summary>The form in which waiting jobs are saved.</summary>
internal sealed class SavedJobs
{
    [JsonPropertyName("position")]
    public required string Position { get; init; }

    [JsonPropertyName("jobs")]
    public required IReadOnlyList<SavedJob> Jobs { get; init; }
}
