using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>An event that Adobe I/O Events delivers by journal or by webhook.</summary>
public abstract record AdobeEvent
{
    private protected AdobeEvent() => Type = DefaultType;

    /// <summary>The type of the event, such as <c>rendition_created</c>; empty if the event has none.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init => field = value ?? DefaultType; }

    private protected virtual string DefaultType => "";

    /// <summary>Returns a text for logs: the type and the subject of the event, without personal data and secrets.</summary>
    public sealed override string ToString() => Describe();

    private protected abstract string Describe();
}
