using System.Text.Json.Serialization;

namespace AssetCompute.Client.Serialization;

internal sealed class SavedJob
{
    [JsonPropertyName("requestId")]
    public required string RequestId { get; init; }

    [JsonPropertyName("request")]
    public required ProcessRequest Request { get; init; }
}
