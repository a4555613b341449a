namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>
/// Reads each public property of a typed event and of its nested records, down to strings and numbers. JSON objects are the caller's data, so
/// they aren't traversed.
/// </summary>
internal static class EventFields
{
    public static long Touch(JournalEntry entry)
    {
        RenditionCreated created = (RenditionCreated)entry.Event;
        return entry.Position.Value!.Length
            + entry.Raw.Length
            + created.Type.Length
            + created.Date!.Value.Millisecond
            + created.RequestId.Length
            + Touch(created.Source!)
            + Handed(created.UserData!)
            + Touch(created.Rendition)
            + Touch(created.Metadata)
            + (created.Data?.DataUri.Length ?? 0)
            + Handed(created.CustomFields);
    }

    private static long Touch(AssetSource source) =>
        source.Url.Length
        + (source.Name?.Length ?? 0)
        + (source.Size ?? 0)
        + (source.MimeType?.Length ?? 0)
        + (source.Headers?.Count ?? 0)
        + Handed(source.CustomFields);

    private static long Touch(Rendition rendition) =>
        rendition.Name!.Length
        + rendition.Format!.Value.Value.Length
        + rendition.Width!.Value
        + rendition.Height!.Value
        + rendition.Quality!.Value
        + Handed(rendition.UserData!)
        + Handed(rendition.CustomFields)
        + (rendition.EmbedBinaryLimit ?? 0)
        + (rendition.JpegSize ?? 0)
        + (rendition.Xmp?.Length ?? 0)
        + (rendition.Interlace is null ? 1 : 0)
        + (rendition.Worker is null ? 1 : 0)
        + (rendition.Target is null ? 1 : 0)
        + (rendition.Dpi is null ? 1 : 0)
        + (rendition.ConvertToDpi is null ? 1 : 0)
        + (rendition.Files is null ? 1 : 0)
        + (rendition.Duplicate is null ? 1 : 0)
        + (rendition.Watermark is null ? 1 : 0)
        + (rendition.Crop is null ? 1 : 0);

    private static long Touch(RenditionMetadata metadata) =>
        metadata.Size!.Value
        + metadata.Sha1!.Length
        + metadata.Format!.Length
        + (metadata.Encoding?.Length ?? 0)
        + metadata.ImageWidth!.Value
        + metadata.ImageHeight!.Value
        + Handed(metadata.CustomFields);

    private static int Handed(System.Text.Json.Nodes.JsonObject? value) => value is null ? 0 : 1;
}
