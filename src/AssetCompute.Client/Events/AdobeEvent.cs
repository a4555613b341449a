namespace AssetCompute.Client;

/// <summary>
/// An event as Adobe I/O Events delivers it, by journal or by webhook.
/// </summary>
public abstract record AdobeEvent
{
    /// <summary>What happened, such as <c>rendition_created</c>; empty where the event does not say.</summary>
    public virtual string Type { get; init; } = "";
}
