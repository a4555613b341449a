using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// An event as Adobe I/O Events delivers it, by journal or by webhook.
/// </summary>
public abstract record AdobeEvent
{
    private protected AdobeEvent() => Type = DefaultType;

    /// <summary>What happened, such as <c>rendition_created</c>; empty when the event does not say.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init => field = value ?? DefaultType; }

    private protected virtual string DefaultType => "";

    /// <summary>Returns a text for logs: what the event is and is about, without personal data and secrets.</summary>
    public sealed override string ToString() => Describe();

    private protected abstract string Describe();
}
