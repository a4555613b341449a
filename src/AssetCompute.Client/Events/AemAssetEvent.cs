using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>
/// Something happened to an asset of AEM: one of the <c>AemAsset…</c> records. Both forms give the same records: that of AEM as a Cloud Service
/// (<c>aem.assets.asset.published</c> and its kin) and that of the older add-on (<c>xdmPublished</c> and its kin).
/// </summary>
/// <remarks>
/// Nothing is guessed: a property is null where the event does not say it. <see cref="AssetId"/> or <see cref="Path"/> is always there. AEM events
/// come without a guarantee of completeness.
/// </remarks>
public abstract record AemAssetEvent : AdobeEvent
{
    /// <summary>The id of the event, unique within <see cref="Source"/>; null where the event does not say.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Which AEM the event comes from, such as <c>acct:aem-p1-e2@adobe.com</c>; <c>urn:uuid:…</c> of the provider in the older form. Null where the event does not say.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>When it happened; null where the event does not say.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>The id of the asset, such as <c>urn:aaid:aem:…</c>; null where the event does not say.</summary>
    public string? AssetId { get; init; }

    /// <summary>The path in the repository, such as <c>/content/dam/cars/red.jpg</c>; null where the event does not say, as when the asset was deleted.</summary>
    public string? Path { get; init; }

    /// <summary>The name of the file; null where the event does not say.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Which repository the asset is in, as the event has it: a host such as <c>author-p1-e2.adobeaemcloud.com</c>, and a URL in the older form. Null
    /// where the event does not say.
    /// </summary>
    public string? Repository { get; init; }

    /// <summary>The MIME type, such as <c>image/jpeg</c>; null where the event does not say.</summary>
    public string? MimeType { get; init; }

    /// <summary>The size of the file in bytes; null where the event does not say.</summary>
    public long? Size { get; init; }

    /// <summary>The SHA-1 of the file, in hexadecimal digits; null where the event does not say.</summary>
    public string? Sha1 { get; init; }

    /// <summary>The width in pixels; null where the event does not say.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>The height in pixels; null where the event does not say.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>Who did it; null where the event does not say, as when AEM itself did.</summary>
    public AemUser? User { get; init; }

    /// <summary>
    /// The metadata of the asset, those of your own included, as they are on the wire; <c>event:updated</c> in it has the old values. Null where the event
    /// has none.
    /// </summary>
    public JsonElement? AssetMetadata { get; init; }

    /// <summary>The whole event, with every field that has no property here.</summary>
    public JsonElement Json { get; init; }

    private protected sealed override string Describe() => $"{GetType().Name} {{ Type = {Type}, AssetId = {AssetId}, Path = {Path} }}";
}
