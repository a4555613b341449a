using System.Text.Json;

namespace AssetCompute.Client;

/// <summary>
/// An event of an AEM asset: one of the <c>AemAsset…</c> records. Both forms produce the same records: the form of AEM as a Cloud Service
/// (<c>aem.assets.asset.published</c> and similar types) and the form of the older add-on (<c>xdmPublished</c> and similar types).
/// </summary>
/// <remarks>
/// No value is guessed: a property is null if the event does not contain it. <see cref="AssetId"/> or <see cref="Path"/> is always set. AEM does not
/// guarantee that it sends an event for every change.
/// </remarks>
public abstract record AemAssetEvent : AdobeEvent
{
    /// <summary>The id of the event, unique within <see cref="Source"/>; null if the event does not contain it.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// The AEM instance that sent the event, such as <c>acct:aem-p1-e2@adobe.com</c>; <c>urn:uuid:…</c> of the provider in the older form. Null if the event
    /// does not contain it.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>When the event occurred; null if the event does not contain it.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>The id of the asset, such as <c>urn:aaid:aem:…</c>; null if the event does not contain it.</summary>
    public string? AssetId { get; init; }

    /// <summary>
    /// The path in the repository, such as <c>/content/dam/cars/red.jpg</c>; null if the event does not contain it, for example after a deletion.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The name of the file; null if the event does not contain it.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The repository of the asset, as the event has it: a host such as <c>author-p1-e2.adobeaemcloud.com</c>, or a URL in the older form. Null if the event
    /// does not contain it.
    /// </summary>
    public string? Repository { get; init; }

    /// <summary>The MIME type, such as <c>image/jpeg</c>; null if the event does not contain it.</summary>
    public string? MimeType { get; init; }

    /// <summary>The size of the file in bytes; null if the event does not contain it.</summary>
    public long? Size { get; init; }

    /// <summary>The SHA-1 of the file, in hexadecimal digits; null if the event does not contain it.</summary>
    public string? Sha1 { get; init; }

    /// <summary>The width in pixels; null if the event does not contain it.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>The height in pixels; null if the event does not contain it.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>The user who made the change; null if the event does not contain it, for example if AEM itself made the change.</summary>
    public AemUser? User { get; init; }

    /// <summary>
    /// The metadata of the asset, including custom metadata, as on the wire. Its <c>event:updated</c> has the old values. Null if the event has none.
    /// </summary>
    public JsonElement? AssetMetadata { get; init; }

    /// <summary>The whole event, with every field that has no property here.</summary>
    public JsonElement Json { get; init; }

    private protected sealed override string Describe() => $"{GetType().Name} {{ Type = {Type}, AssetId = {AssetId}, Path = {Path} }}";
}
