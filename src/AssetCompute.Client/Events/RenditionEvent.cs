using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>
/// What became of one rendition of a request: <see cref="RenditionCreated"/> or <see cref="RenditionFailed"/>.
/// </summary>
/// <remarks>Source: "Asynchronous events" of the API page; where Adobe's open worker writes a field otherwise, both forms are read.</remarks>
public abstract record RenditionEvent : AdobeEvent
{
    // One for all: it cannot change, and nearly every event replaces it.
    private static readonly Rendition s_none = new();

    /// <summary>When the event was sent, in UTC; null where the event does not say.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>The id of the request; the same as its <c>x-request-id</c>.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The source of the request. Adobe's worker sends its URL only, also where the request had an object.</summary>
    public AssetSource? Source { get; init; }

    /// <summary>The user data of the request; that of the rendition is in <see cref="Rendition"/>.</summary>
    public JsonObject? UserData { get; init; }

    /// <summary>The rendition as it was asked for; an event carries all of it but the target.</summary>
    public Rendition Rendition { get; init; } = s_none;

    /// <summary>Every other field of the event, as it is on the wire; null where there is none.</summary>
    public JsonObject? CustomFields { get; init; }
}
