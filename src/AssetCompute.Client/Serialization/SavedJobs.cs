using System.Text.Json.Serialization;

namespace AssetCompute.Client.Serialization;

/// <summary>The form in which waiting jobs are saved.</summary>
internal sealed class SavedJobs
{
    [JsonPropertyName("jobs")]
    public IReadOnlyList<SavedJob?>? Jobs { get; init; }
}
