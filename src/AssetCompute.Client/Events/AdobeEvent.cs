using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// An event as Adobe I/O Events delivers it, by journal or by webhook.
/// </summary>
public abstract record AdobeEvent
{
    /// <summary>What happened, such as <c>rendition_created</c>; empty when the event does not say.</summary>
    [JsonPropertyName("type")]
    public virtual string Type { get; init; } = "";
}
