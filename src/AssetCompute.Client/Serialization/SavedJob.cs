using System.Text.Json.Serialization;

namespace AssetCompute.Client.Serialization;

/// <summary>The form in which one waiting job is saved.</summary>
internal sealed class SavedJob
{
    [JsonPropertyName("requestId")]
    public string? RequestId { get; init; }

    [JsonPropertyName("position")]
    public string? Position { get; init; }

    [JsonPropertyName("request")]
    public ProcessRequest? Request { get; init; }
}
